//! Settings, Issuers: whose keys are believed, for how long, and where their services are.

use super::{F, N, texts};

texts! {
    /// Settings, Issuers: whose keys are believed, for how long, and where their services are.
    Trust {
        valid: S = "Believed";
        always: S = "always";
        from: F = F("from {0}");
        until: F = F("until {0}");
        between: F = F("{0} to {1}");
        not_yet: S = "not yet";
        over: S = "not any more";
        keygen_account: S = "Keygen account";
        introduced_by: F = F("introduced by {0}");
        first_day: S = "First day";
        last_day: S = "Last day";
        days_hint: S = "Licenses that the key signed outside of these days are not believed. Empty: no limit.";
        period: S = "Change the days";
        period_saved: S = "Saved: when the key is believed.";

        services: S = "License services";
        services_lead: S = "Where license keys are exchanged and licenses renew themselves, one for each vendor. Empty: its licenses come as files only.";
        services_off: S = "The policy keeps this server off the internet, so none of them is called.";
        address_of: F = F("Address of {0}");
        address_hint: S = "Such as https://licenses.example.org. http:// is for this machine only.";
        service_saved: S = "Saved: where the license service is.";
        service_gone: S = "Its licenses come as files from now on.";

        key_file: S = "The .pub file";
        key_text: S = "Or its content";
        key_missing: S = "Choose the .pub file, or paste its content.";
        introduce: S = "Take over to a vendor's new key";
        introduce_hint: S = "A vendor that changes keys sends a document, signed with the old key, that introduces the new one. Licenses keep their holders.";
        document_file: S = "The document (.introduction)";
        document_missing: S = "Choose the document, or paste its content.";
        introduce_do: S = "Trust the new key";
        introduced: F = F("The key {0} is trusted now.");
        keygen: S = "Trust a Keygen account";
        keygen_hint: S = "For a vendor who issues licenses through Keygen. The account's settings show its Ed25519 public key; the vendor tells it.";
        keygen_name: S = "Vendor's name";
        keygen_key: S = "Public key, 64 hexadecimal digits";
        keygen_wrong: S = "The public key of a Keygen account has 64 hexadecimal digits. It is shown in the account's settings as the Ed25519 public key.";

        gone: S = "Trusted no longer";
        gone_lead: S = "Remembered, so that no document brings them back. Trusting one again gives back the licenses that were withdrawn with it.";
        gone_since: S = "Until";
        again: S = "Trust again";
        again_done: F = F("The key of {0} is trusted again.");

        distrust_title: F = F("Trust this key of {0} no longer?");
        distrust_lead: S = "No license that it signs is taken from now on. Those that are here stay and go on working, unless you withdraw them.";
        withdraw: S = "Withdraw its licenses, too";
        withdraw_hint: S = "For a key that was stolen. Trusting the key again gives them back.";
        nothing_goes: S = "No license here was signed with it. Nothing is taken from anybody.";
        would_go: N = N("If you withdraw: {n} license goes.", "If you withdraw: {n} licenses go.");
        stays: N = N("{n} key that it introduced stays trusted.", "{n} keys that it introduced stay trusted.");
        goes: S = "is withdrawn";
        distrust_do: S = "Trust no longer";
        withdrawn: N = N("The key is trusted no longer, and {n} license is withdrawn.", "The key is trusted no longer, and {n} licenses are withdrawn.");
    }
}
