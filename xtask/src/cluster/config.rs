//! The configuration files of Patroni and HAProxy.

use std::fmt::Write as _;
use std::path::Path;

use super::plan::{MEMBERS, Plan};

/// Patroni's file for one PostgreSQL node.
///
/// `primary_start_timeout: 0` gives the office away at once when the leader's PostgreSQL does not
/// start again, as with a full disk. The section is `etcd` and not `etcd3`, since Patroni 3.0 keeps the
/// leader's key there with a comparison: with `etcd3` a leader that was paused between reading and
/// writing takes the office back from its successor, whose commits are then lost. Everything listens on the loopback address, where everybody
/// is trusted: it is a cluster for trials, with data that nobody misses.
pub(super) fn patroni(plan: &Plan, member: usize, binaries: &Path) -> String {
    let name = Plan::member_name(member);
    let folder = plan.member_folder(member);
    let (folder, binaries) = (folder.display(), binaries.display());
    let (port, rest) = (plan.postgres_port(member), plan.patroni_port(member));
    let etcd = plan.etcd_port_of(member);
    let Plan {
        ttl,
        loop_wait,
        strict,
        ..
    } = plan;
    let retry = (ttl.saturating_sub(*loop_wait) / 2).max(1);
    format!(
        "\
scope: seatkeeper
name: {name}
restapi:
  listen: 127.0.0.1:{rest}
  connect_address: 127.0.0.1:{rest}
etcd:
  hosts: ['127.0.0.1:{etcd}']
  use_proxies: true
bootstrap:
  dcs:
    ttl: {ttl}
    loop_wait: {loop_wait}
    retry_timeout: {retry}
    maximum_lag_on_failover: 1048576
    primary_start_timeout: 0
    synchronous_mode: true
    synchronous_mode_strict: {strict}
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 200
        wal_level: replica
        hot_standby: 'on'
        wal_log_hints: 'on'
        wal_keep_size: 64MB
        max_wal_size: 128MB
        max_wal_senders: 8
        max_replication_slots: 8
        shared_buffers: 64MB
  initdb:
  - encoding: UTF8
  - locale: C
  - data-checksums
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {folder}/data
  bin_dir: {binaries}
  pgpass: {folder}/pgpass
  authentication:
    superuser: {{username: postgres}}
    replication: {{username: replicator}}
    rewind: {{username: rewinder}}
  parameters:
    unix_socket_directories: ''
  pg_hba:
  - host all all 127.0.0.1/32 trust
  - host replication replicator 127.0.0.1/32 trust
watchdog:
  mode: 'off'
"
    )
}

/// HAProxy's file: connections go to the member whose Patroni says that it leads, and are closed
/// as soon as it does not say so any more.
pub(super) fn haproxy(plan: &Plan) -> String {
    let mut text = format!(
        "\
global
  maxconn 2000
defaults
  mode tcp
  retries 2
  timeout connect 1s
  timeout check 1s
  timeout client 1h
  timeout server 1h
listen postgres
  bind 127.0.0.1:{}
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
",
        plan.proxy_port()
    );
    for member in 0..MEMBERS {
        let name = Plan::member_name(member);
        let (port, rest) = (plan.postgres_port(member), plan.patroni_port(member));
        _ = writeln!(text, "  server {name} 127.0.0.1:{port} check port {rest}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::plan::example;
    use super::*;

    #[test]
    fn retries_fit_into_the_time_to_live() {
        for (ttl, loop_wait) in [(5, 1), (10, 1), (20, 2), (30, 10)] {
            let plan = Plan {
                ttl,
                loop_wait,
                ..example(Path::new("x"))
            };
            let text = patroni(&plan, 0, Path::new("/bin"));
            let retry = text
                .lines()
                .find_map(|line| line.trim().strip_prefix("retry_timeout: "));
            let retry: u32 = retry.unwrap().parse().unwrap();
            assert!(
                retry >= 1 && loop_wait + 2 * retry <= ttl,
                "{ttl} {loop_wait} {retry}"
            );
        }
    }

    #[test]
    fn proxy_asks_every_patroni_who_leads() {
        let text = haproxy(&example(Path::new("x")));
        assert!(text.contains("OPTIONS /primary"));
        assert!(
            text.contains("server pg3 127.0.0.1:25407 check port 25410"),
            "{text}"
        );
    }
}
