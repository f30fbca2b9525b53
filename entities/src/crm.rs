//! Companies with their contacts, and what is sold to them.

record! {
    /// Clients and suppliers.
    company, "company", CompanyId, {
        /// The name by which it is known.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// What searches look into.
        search_text: String,
        /// Buys from the tenant.
        is_client: bool,
        /// Sells to the tenant.
        is_supplier: bool,
        /// The tenant's own short name for it.
        code: Option<String>,
        /// Number in the tax register.
        tax_number: Option<String>,
        /// Country, as it is written.
        country: Option<String>,
        /// Region or state.
        region: Option<String>,
        /// City.
        city: Option<String>,
        /// Street and number.
        address: Option<String>,
        /// Postal code.
        postal_code: Option<String>,
        /// Telephone.
        phone: Option<String>,
        /// E-mail address.
        email: Option<String>,
        /// Address on the web.
        website: Option<String>,
        /// Free text.
        note: Option<String>,
        /// Language of its documents.
        language: Option<Language>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// People at companies.
    contact, "contact", ContactId, {
        /// The company that the person belongs to.
        company_id: Option<CompanyId>,
        /// Full name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// What searches look into.
        search_text: String,
        /// Position at the company.
        title: Option<String>,
        /// E-mail address.
        email: Option<String>,
        /// Telephone.
        phone: Option<String>,
        /// Free text.
        note: Option<String>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// Those who may become clients.
    lead, "lead", LeadId, {
        /// The person's name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// What searches look into.
        search_text: String,
        /// The company's name, as given.
        company_name: Option<String>,
        /// E-mail address.
        email: Option<String>,
        /// Telephone.
        phone: Option<String>,
        /// How the lead came: a referral, the web, a fair…
        lead_source: Option<String>,
        /// Free text.
        note: Option<String>,
        /// Where it stands.
        status: LeadStatus,
        /// Who follows it up.
        owner_id: Option<MembershipId>,
        /// The company that it became.
        company_id: Option<CompanyId>,
        /// The contact that it became.
        contact_id: Option<ContactId>,
        /// The deal that it became.
        deal_id: Option<DealId>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// Sequences of stages that deals go through.
    pipeline, "pipeline", PipelineId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// New deals go here when nothing else is said.
        is_default: bool,
    }
}

record! {
    /// Steps of a pipeline.
    stage, "stage", StageId, {
        /// The pipeline that it's a step of.
        pipeline_id: PipelineId,
        /// Name.
        name: String,
        /// Place in the pipeline, from 1.
        position: i32,
        /// How likely a deal at this stage is won.
        probability_bp: i32,
    }
}

record! {
    /// Sales in the making.
    deal, "deal", DealId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// What searches look into.
        search_text: String,
        /// The client.
        company_id: Option<CompanyId>,
        /// The person at the client.
        contact_id: Option<ContactId>,
        /// The stage at which it stands.
        stage_id: StageId,
        /// What it is worth.
        amount_minor: i64,
        /// Currency of the amount.
        currency: String,
        /// When it should be decided.
        expected_close_date: Option<NaiveDate>,
        /// Where it stands.
        status: DealStatus,
        /// When it was won or lost.
        closed_on: Option<NaiveDate>,
        /// Why it was lost.
        loss_reason: Option<String>,
        /// Who sells.
        owner_id: Option<MembershipId>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}
