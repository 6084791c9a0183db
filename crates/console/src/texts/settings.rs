//! Settings: the policy with what it means, issuers, tokens, accounts.

use super::{F, texts};

texts! {
    /// Settings: the policy with what it means, issuers, tokens, accounts.
    Settings {
        title: S = "Settings";
        policy: S = "Policy";
        issuers: S = "Issuers";
        tokens: S = "API tokens";
        accounts: S = "Accounts";
        saved: S = "Saved. It counts from now on.";
        unchanged: S = "Nothing was changed.";
        read_only: S = "Only administrators change settings.";

        sign_in: S = "At sign-in";
        auto_add: S = "Add people who sign in for the first time";
        auto_add_hint: S = "Otherwise an application's user whom nobody added is turned away.";
        renew: S = "Trade an expired seat for a new one";
        renew_hint: S = "Whoever holds an expired seat of all modules gets another one at sign-in; otherwise they are turned away until somebody acts.";
        demo: S = "People who may try a product without any license";
        demo_hint: S = "How many may work at once on a product that was never licensed. 0: nobody.";
        allocation: S = "What a sign-in may take by itself";
        allocation_hint: S = "Whoever has no seat gets one from these places, in this order.";
        step_floating_folder: S = "A floating seat from their own folder";
        step_floating_root: S = "A floating seat from the root";
        step_dedicated_folder: S = "A dedicated seat from their own folder";
        step_dedicated_root: S = "A dedicated seat from the root";

        seats: S = "Seats";
        over: S = "When there are more people than seats";
        over_unbacked: S = "Turn away only those who came last";
        over_product: S = "Turn everybody away until it is put right";
        auto_default: S = "How seats of a new license are given";
        warning: S = "Days before its end a license is marked";
        timeout: S = "Seconds a session holds without a sign of life";
        timeout_hint: S = "Between 30 and 604,800. A seat of an application that died is free after this time.";

        borrowing: S = "Taking seats along";
        borrowing_hint: S = "Whoever will be without a network takes a seat along from within the application. Until its time is over, or it is returned, the seat is held, whatever happens: a shorter time means that a lost device's seat comes back sooner.";
        borrow_days: S = "Days for which a seat can be borrowed; 0: nobody borrows";
        borrow_at_most: S = "How many seats of one product can be away at once";

        company_card: S = "This installation";
        company: S = "Company id";
        company_hint: S = "As agreed with your vendors: licenses for another company are refused. Empty: the first license that names one sets it.";
        internet: S = "Talk to license services of vendors";
        internet_hint: S = "To exchange license keys and to refresh licenses. Otherwise licenses come as files only.";
        installation: S = "Installation";

        issuers_lead: S = "Whose signatures make a license. A license that nobody here signed for is never taken.";
        issuer: S = "Issuer";
        key: S = "Key";
        since: S = "Trusted since";
        introduced: S = "introduced by another key";
        trust: S = "Trust a vendor's key";
        trust_hint: S = "The content of the .pub file that the vendor sent. Make sure that it really comes from them.";
        trust_do: S = "Trust this key";
        trusted: F = F("The key of {0} is trusted.");
        distrust: S = "Trust no longer";
        distrusted: S = "The key is trusted no longer. Licenses that it signed stay.";
        no_issuers: S = "No vendor is trusted yet";
        no_issuers_lead: S = "Paste the content of the .pub file of your software's vendor below.";

        tokens_lead: S = "What programs use to call this server. A secret is shown once, when its token is made.";
        token_name: S = "Name";
        token_role: S = "What it may do";
        token_make: S = "Make a token";
        token_made: F = F("The token {0} is made. Copy its secret now; it is kept nowhere:");
        revoke: S = "Revoke";
        revoked: S = "The token does not work any more.";
        made: S = "Made";
        expires: S = "Until";
        no_tokens: S = "No program calls this server yet";

        accounts_lead: S = "Who may sign in to this console.";
        account_name: S = "Sign-in name";
        full_name: S = "Full name";
        role: S = "Role";
        limit: S = "Only in this folder";
        limit_hint: S = "For license managers: the folder's path, as in /Sales. They see and change only what is in it and below it. Empty: everything.";
        only_in: F = F("in {0}");
        password: S = "Password";
        new_password: S = "Another password";
        new_password_hint: S = "Leave empty to keep it. Another one signs the account out everywhere.";
        add: S = "Add an account";
        added: F = F("The account {0} is made.");
        change: S = "Change";
        deactivate: S = "Deactivate";
        activate: S = "Activate";
        delete: S = "Delete";
        deleted: S = "The account is gone, and signed out everywhere.";
        you: S = "you";
        role_administrator: S = "Everything, also settings and accounts";
        role_manager: S = "Licenses and people, but no settings";
        role_auditor: S = "Looks at everything, changes nothing";
        role_application: S = "Signs users in and out";
        role_user: S = "Sees the licenses of the person with the same sign-in name, and nothing else";
    }
}
