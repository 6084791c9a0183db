//! What happens in a run: one fault after the other, with calm in between.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::client::Scene;
use crate::cluster::faults::Fault;
use crate::cluster::running::Cluster;
use crate::printer;
use crate::server::{Program, Vendor};

/// How long service may be away before the cause is taken away.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long the cluster may take to be whole again.
const WHOLE_LIMIT: Duration = Duration::from_mins(3);

/// One fault and its moments, in microseconds since the beginning.
pub(super) struct Ordeal {
    pub(super) name: &'static str,
    pub(super) from: u64,
    /// When another PostgreSQL node said that it leads, if one did.
    pub(super) new_leader: Option<u64>,
    /// When the cause was taken away.
    pub(super) healed: u64,
    /// When all was whole again.
    pub(super) until: u64,
}

/// What a run needs while faults happen.
pub(super) struct Play<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) scene: &'a Scene,
    pub(super) beginning: Instant,
    pub(super) calm: Duration,
}

impl Play<'_> {
    /// Every fault of the leader once, then what happens to a Seatkeeper node.
    pub(super) fn all(
        &self,
        faults: &[Fault],
        node: Option<(&Program, &Vendor)>,
        ordeals: &mut Vec<Ordeal>,
    ) -> Result<()> {
        for fault in faults {
            self.be_calm()?;
            ordeals.push(self.of_leader(*fault)?);
        }
        if let Some((program, vendor)) = node {
            self.be_calm()?;
            ordeals.push(self.of_frozen_node()?);
            self.be_calm()?;
            ordeals.push(self.of_killed_node(program, vendor)?);
        }
        self.be_calm()
    }

    fn now(&self) -> u64 {
        u64::try_from(self.beginning.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn good(&self) -> u64 {
        self.scene.good.load(Ordering::Acquire)
    }

    fn be_calm(&self) -> Result<()> {
        let before = self.good();
        std::thread::sleep(self.calm);
        ensure!(
            self.good() > before,
            "no client is served although nothing is wrong"
        );
        Ok(())
    }

    /// A fault of the node that leads; the cause is taken away some seconds after service is back,
    /// or when patience ends.
    fn of_leader(&self, fault: Fault) -> Result<Ordeal> {
        let leader = self.cluster.leader().context("no PostgreSQL node leads")?;
        printer::step(fault.name());
        let from = self.now();
        fault.happen(self.cluster, leader)?;
        let start = Instant::now();
        let (mut new_leader, mut back) = (None, None);
        while start.elapsed() < PATIENCE {
            if new_leader.is_none() && self.cluster.leader_but(leader).is_some() {
                new_leader = Some((self.now(), self.good()));
            }
            if let Some((_, good)) = new_leader
                && self.good() > good
            {
                let since = back.get_or_insert_with(Instant::now);
                if since.elapsed() > Duration::from_secs(3) {
                    break;
                }
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let healed = self.now();
        fault.heal(self.cluster, leader)?;
        self.cluster.wait_until_whole(WHOLE_LIMIT)?;
        self.wait_for_service()?;
        // A full disk is no failover: somebody has to make room.
        ensure!(
            back.is_some() || fault == Fault::Fill,
            "{}: service did not come back until its cause was taken away",
            fault.name()
        );
        let new_leader = new_leader.map(|(at, _)| at);
        let ordeal = Ordeal {
            name: fault.name(),
            from,
            new_leader,
            healed,
            until: self.now(),
        };
        printer::done(fault.name(), start.elapsed());
        Ok(ordeal)
    }

    /// It may have its turn in the database just then, which must not hold the others up for long;
    /// and whatever it still believes when it wakes up must do no harm.
    fn of_frozen_node(&self) -> Result<Ordeal> {
        let name = "Seatkeeper node frozen";
        printer::step(name);
        let (from, start) = (self.now(), Instant::now());
        self.cluster.freeze_node(0)?;
        std::thread::sleep(PATIENCE);
        let before = self.good();
        std::thread::sleep(Duration::from_secs(1));
        let is_served = self.good() > before;
        let healed = self.now();
        self.cluster.wake_node(0)?;
        self.wait_for_service()?;
        ensure!(is_served, "{name}: the other node does not serve");
        Ok(self.ordeal_of_node(name, from, healed, start))
    }

    fn of_killed_node(&self, program: &Program, vendor: &Vendor) -> Result<Ordeal> {
        let name = "Seatkeeper node killed (-9)";
        printer::step(name);
        let (from, start) = (self.now(), Instant::now());
        self.cluster.kill_node(0)?;
        std::thread::sleep(Duration::from_secs(3));
        let healed = self.now();
        self.cluster.start_node(program, vendor.public(), 0)?;
        self.wait_for_service()?;
        Ok(self.ordeal_of_node(name, from, healed, start))
    }

    fn ordeal_of_node(&self, name: &'static str, from: u64, healed: u64, start: Instant) -> Ordeal {
        printer::done(name, start.elapsed());
        Ordeal {
            name,
            from,
            new_leader: None,
            healed,
            until: self.now(),
        }
    }

    fn wait_for_service(&self) -> Result<()> {
        let (before, start) = (self.good(), Instant::now());
        while self.good() == before {
            ensure!(start.elapsed() < WHOLE_LIMIT, "service does not come back");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}
