//! Several servers on one sharded PostgreSQL: what holds on one machine holds there. Runs where `make test` has found a Citus
//! cluster, and says so where it hasn't.

use kamara_tests::{Database, Server, block_on};
use tokio::sync::OnceCell;

use crate::{isolation, northwind, upgrade};

/// Two servers on the cluster, or none where there is no cluster.
async fn servers() -> Option<(&'static Server, Server)> {
    // Whoever comes first finds the cluster as the first release left it.
    static UPGRADED: OnceCell<()> = OnceCell::const_new();
    if std::env::var_os("KAMARA_TEST_CITUS_OWNER").is_none() {
        println!("left out: there is no Citus cluster to test against");
        return None;
    }
    UPGRADED
        .get_or_init(async || {
            let (_, owner_url) = kamara_tests::empty_database(Database::Citus).await;
            upgrade::first_release_on_citus(&owner_url).await;
            upgrade::upgraded_on_citus(Server::shared(Database::Citus).await).await;
        })
        .await;
    let server = Server::shared(Database::Citus).await;
    Some((server, server.beside().await))
}

#[test]
fn a_filled_database_of_the_first_release_is_upgraded() {
    block_on(async { drop(servers().await) });
}

#[test]
fn nothing_of_another_company_is_seen_counted_changed_or_pointed_at() {
    block_on(async {
        if let Some((one, two)) = servers().await {
            isolation::on_citus(one, &two).await;
        }
    });
}

#[test]
fn every_figure_is_the_one_of_the_data_and_of_hledger() {
    block_on(async {
        if let Some((one, two)) = servers().await {
            northwind::figures(one, &two).await;
        }
    });
}
