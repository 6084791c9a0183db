//! The overview.

use super::{F, N, texts};

texts! {
    /// The overview.
    Overview {
        title: S = "Overview";
        owned: S = "Seats owned";
        owned_sub: S = "on licenses in force";
        assigned: S = "Assigned";
        assigned_sub: S = "dedicated, to named people";
        in_use: S = "In use";
        in_use_sub: S = "floating, just now";
        free: S = "Free";
        free_sub: S = "could be given now";
        turned_away: S = "Turned away";
        turned_away_sub: S = "in the last 7 days";

        products: S = "Products";
        all_licenses: S = "All licenses";
        product: S = "Product";
        seats: S = "Seats";
        site: S = "Everyone may work";
        no_seats: S = "No license in force";
        over: N = N("{n} too many", "{n} too many");
        legend_used: S = "in use";
        legend_held: S = "assigned";
        legend_free: S = "free";
        bar_words: F = F("{0} occupied, {1} free");

        todo: S = "Things to do";
        nothing: S = "Nothing needs you";
        nothing_lead: S = "Every license is in order, and everybody who holds a seat has one.";
        expired: N = N("{n} license has expired", "{n} licenses have expired");
        expired_do: S = "Replace or remove";
        stale: N = N("{n} license was not confirmed by its vendor in time", "{n} licenses were not confirmed by their vendors in time");
        stale_do: S = "Import a fresh file";
        agreement: N = N("{n} license waits for its agreement", "{n} licenses wait for their agreements");
        agreement_do: S = "Read and accept";
        grace: N = N("{n} license is past its end and works only for its days of grace", "{n} licenses are past their end and work only for their days of grace");
        grace_do: S = "Replace now";
        expiring: N = N("{n} license ends soon", "{n} licenses end soon");
        expiring_do: S = "Request, then replace";
        over_allocated: F = F("{0}: more people than seats ({1} too many)");
        over_do: S = "Free seats, or import more";
        full: N = N("{n} sign-in failed for want of a free seat, in the last 7 days", "{n} sign-ins failed for want of a free seat, in the last 7 days");
        full_do: S = "See who, and free seats";

        ending: S = "What ends next";
        ends: S = "ends";
        ended: S = "ended";
        ending_none: S = "No license has an end.";
        holders: N = N("{n} in use", "{n} in use");

        denials: S = "Turned away, last 7 days";
        denials_none: S = "Nobody was turned away.";
        all: S = "All";
        seven_ago: S = "6 days ago";
        today: S = "today";

        now: S = "At work now";
        now_none: S = "Nobody is signed in to anything just now.";

        empty: S = "No licenses yet";
        empty_lead: S = "Seatkeeper hands out what you bought. Import the license file of a vendor to begin: drop it on the licenses page, or choose it there.";
        empty_do: S = "Import licenses";
        empty_trust: S = "The vendor's key must be trusted first; the vendor sends it along as a .pub file.";
    }
}
