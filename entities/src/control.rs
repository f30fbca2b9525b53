//! Tables that stand above tenants. Row-level security doesn't cover them; `migration` lists each with its reason.

macro_rules! control {
    ($(#[$doc:meta])* $module:ident, $table:literal, { $($fields:tt)* }) => {
        $(#[$doc])*
        pub mod $module {
            #[allow(unused_imports)]
            use crate::{enums::*, ids::*};
            use sea_orm::entity::prelude::*;
            #[allow(unused_imports)]
            use chrono::{DateTime, Utc};

            /// A row of the table.
            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($fields)* }

            /// No relations.
            #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

control! {
    /// Signed-up companies.
    tenant, "tenant", {
        /// Id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: TenantId,
        /// The company's name.
        pub name: String,
        /// ISO 3166 code of its country.
        pub country: String,
        /// ISO 4217 code of the currency that its books are kept in.
        pub base_currency: String,
        /// IANA name of the time zone that its dates are in.
        pub time_zone: String,
        /// Language of what is made for all: accounts, stages.
        pub language: Language,
        /// When it signed up.
        pub created_at: DateTime<Utc>,
        /// When this row was last changed.
        pub updated_at: DateTime<Utc>,
        /// Rises by one with every change.
        pub version: i32,
    }
}

control! {
    /// People who can log in.
    user, "user_account", {
        /// Id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: UserId,
        /// E-mail address in lower case, unique over all tenants.
        pub email: String,
        /// Name.
        pub name: String,
        /// Language of the page and of mails.
        pub language: Language,
        /// Argon2id, in the PHC format.
        pub password_hash: String,
        /// When the user was made.
        pub created_at: DateTime<Utc>,
        /// When this row was last changed.
        pub updated_at: DateTime<Utc>,
    }
}

business_table! {
    /// Who belongs to which tenant, as what.
    membership, "membership", MembershipId, {
        /// The user.
        user_id: UserId,
        /// The name to show beside what the member did.
        name: String,
        /// What the member may do.
        role: Role,
        /// When the member was removed.
        removed_at: Option<DateTime<Utc>>,
    },
    {
        /// When the user joined.
        created_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
        /// When this row was last changed.
        updated_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
    }
}

impl crate::StampedEntity for membership::Entity {
    fn touch(row: &mut membership::Model, stamp: crate::Stamp) {
        row.updated_at = stamp.at;
    }
}

control! {
    /// Log-ins that last.
    session, "session", {
        /// Id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: SessionId,
        /// SHA-256 of the secret, in hexadecimal.
        pub token_hash: String,
        /// Whose it is.
        pub user_id: UserId,
        /// The tenant that it looks at.
        pub tenant_id: Option<TenantId>,
        /// How the secret travels.
        pub kind: SessionKind,
        /// What the client called itself.
        pub user_agent: Option<String>,
        /// The client's address.
        pub ip: Option<String>,
        /// When it began.
        pub created_at: DateTime<Utc>,
        /// When it was last used, give or take some minutes.
        pub last_seen_at: DateTime<Utc>,
        /// When it ends.
        pub expires_at: DateTime<Utc>,
    }
}

control! {
    /// Invitations to join a tenant.
    invitation, "invitation", {
        /// Id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: InvitationId,
        /// The tenant.
        pub tenant_id: TenantId,
        /// Who is invited, in lower case.
        pub email: String,
        /// As what.
        pub role: Role,
        /// SHA-256 of the secret, in hexadecimal.
        pub token_hash: String,
        /// Who invites.
        pub invited_by: MembershipId,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it ends.
        pub expires_at: DateTime<Utc>,
        /// When it was accepted.
        pub accepted_at: Option<DateTime<Utc>>,
        /// When it was taken back.
        pub revoked_at: Option<DateTime<Utc>>,
    }
}

control! {
    /// Requests to set a new password.
    password_reset, "password_reset", {
        /// Id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PasswordResetId,
        /// Whose password.
        pub user_id: UserId,
        /// SHA-256 of the secret, in hexadecimal.
        pub token_hash: String,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it ends.
        pub expires_at: DateTime<Utc>,
        /// When it was used.
        pub used_at: Option<DateTime<Utc>>,
    }
}

control! {
    /// How often something failed of late: log-ins by address and by client.
    throttle, "throttle", {
        /// What is counted, hashed.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// Failures within the window.
        pub failures: i32,
        /// When the window ends and counting begins anew.
        pub window_ends_at: DateTime<Utc>,
    }
}

control! {
    /// Answers to mutations that carried an `Idempotency-Key`, kept for a day.
    idempotency, "idempotency", {
        /// Who asked: the session's user and tenant.
        #[sea_orm(primary_key, auto_increment = false)]
        pub actor: String,
        /// The key that the client chose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// SHA-256 of the request's body, in hexadecimal.
        pub body_hash: String,
        /// The answer's body.
        pub answer: String,
        /// When it was given.
        pub created_at: DateTime<Utc>,
    }
}

control! {
    /// The outbox: work that is to be done after a change has been committed.
    job, "job", {
        /// Id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: JobId,
        /// The tenant for whom; none for a user's own mail.
        pub tenant_id: Option<TenantId>,
        /// What is to be done.
        pub kind: String,
        /// With what.
        pub payload: Json,
        /// Not before.
        pub run_at: DateTime<Utc>,
        /// How often it was begun.
        pub attempts: i32,
        /// Why it failed last.
        pub last_error: Option<String>,
        /// When it was made.
        pub created_at: DateTime<Utc>,
        /// When it was done.
        pub done_at: Option<DateTime<Utc>>,
        /// When it was given up.
        pub failed_at: Option<DateTime<Utc>>,
    }
}
