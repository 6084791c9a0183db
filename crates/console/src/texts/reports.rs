//! Reports.

use super::{F, N, texts};

texts! {
    /// Reports.
    Reports {
        title: S = "Reports";
        tab_use: S = "Use over time";
        tab_idle: S = "Unused seats";
        tab_ending: S = "What ends when";
        tab_people: S = "Who used what";
        export: S = "Export CSV";
        print_hint: S = "All times are UTC.";
        any_product: S = "All products";
        product: S = "Product";
        period: S = "Period";
        last_days: N = N("Last day", "Last {n} days");

        use_lead: S = "How many seats were in use at the same moment, against what is owned.";
        peak: S = "Peak";
        peak_at: S = "Peak on";
        average: S = "Average";
        owned: S = "Owned";
        sessions: S = "Sessions";
        of_owned: S = "Peak of owned";
        legend_peak: S = "peak";
        legend_average: S = "average";
        legend_owned: S = "owned";
        when: S = "When";
        chart_words: F = F("Peak {0}, average {1} seats in use");
        use_none: S = "Nothing was used yet";
        use_none_lead: S = "As soon as people sign in to a product, its use is told here, hour by hour.";
        spare: N = N("{n} seat was never needed at the same moment", "{n} seats were never needed at the same moment");
        tight: S = "At its peak every seat was taken";
        unlimited: S = "no limit";

        idle_lead: S = "Dedicated seats whose holders did not sign in for some time. What is reclaimed can be given to others.";
        idle_for: N = N("Unused for a day", "Unused for {n} days");
        legend_active: S = "used";
        legend_idle: S = "unused";
        idle_of: F = F("{0} of {1} unused");
        counted_at: S = "Counted";
        person: S = "Person";
        serial: S = "License";
        last_active: S = "Last active";
        never: S = "never";
        idle_days: N = N("{n} day", "{n} days");
        idle: S = "Unused for";
        idle_none: S = "No seat is unused";
        idle_none_lead: S = "Everybody who holds a seat has signed in on it in this time.";
        everyone: S = "All unused seats, not only these";
        reclaim: S = "Reclaim seats";
        reclaim_title: N = N("Reclaim {n} seat?", "Reclaim {n} seats?");
        reclaim_lead: S = "The seats are taken back from these people. Whoever is at work keeps the seat until signing out; everybody can be given a seat again.";
        reclaim_most: N = N("", "These are the first {n}; the rest can be reclaimed afterwards.");
        none_chosen: S = "Choose at least one seat first.";

        ending_lead: S = "Licenses by their last day, and whether seats bought already cover everybody afterwards.";
        by_month: S = "Licenses that end, by month";
        legend_ends: S = "ends";
        legend_without: S = "soon, and people would be without a seat";
        more_than: F = F("more than {0}");
        expires: S = "Last day";
        seats: S = "Seats";
        held: S = "In use";
        afterwards: S = "Afterwards";
        covered: S = "Covered";
        nobody: S = "Nobody holds one";
        without: N = N("{n} without a seat", "{n} without a seat");
        ending_none: S = "Nothing ends in the coming year";
        ending_none_lead: S = "Every license here lasts longer, or has no end.";

        people_lead: S = "Sessions and time at work by person and product.";
        search: S = "Search name, username or address";
        hours_by_product: S = "Time by product";
        hours: S = "Time";
        under_a_minute: S = "< 1 min";
        minutes_of: F = F("{0} min");
        hours_of: F = F("{0} h");
        last_day: S = "Last used";
        people_none: S = "Nobody used anything";
        people_none_lead: S = "Sessions are counted here within a minute after they end.";
    }
}
