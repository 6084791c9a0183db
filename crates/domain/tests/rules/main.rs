//! The rules, proved one by one on a world in memory.
//!
//! `world` keeps rows in plain maps, answers what decisions ask for in pages as small as they
//! may be, and checks after every batch that all that must hold does hold. A test builds a
//! world, lets people act in it and says what must have come of it; it is named as a claim and
//! names its rule. There is a file or two for each letter of the rules.

#[cfg(test)]
mod a_allocation;
#[cfg(test)]
mod a_denials;
#[cfg(test)]
mod a_seats;
#[cfg(test)]
mod a_users_and_products;
#[cfg(test)]
mod h_borrow;
mod h_memory;
#[cfg(test)]
mod h_sessions;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod i_offline;
#[cfg(test)]
mod i_refresh;
#[cfg(test)]
mod l_intake;
#[cfg(test)]
mod l_issuers;
#[cfg(test)]
mod l_removal;
#[cfg(test)]
mod l_renewal;
#[cfg(test)]
mod l_replace;
#[cfg(test)]
mod l_return;
#[cfg(test)]
mod l_shrink;
#[cfg(test)]
mod l_states;
#[cfg(test)]
mod p_folders;
#[cfg(test)]
mod r_accounts;
#[cfg(test)]
mod r_reach;
mod r_record;
#[cfg(test)]
mod s_floating;
#[cfg(test)]
mod s_grants;
#[cfg(test)]
mod s_people;
#[cfg(test)]
mod s_release;
#[cfg(test)]
mod s_sources;
#[cfg(test)]
mod s_undo;
#[cfg(test)]
mod world;
