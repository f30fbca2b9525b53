import { useTranslation } from 'react-i18next';
import {
  ArchiveContactDocument,
  ContactDocument,
  ContactsDocument,
  CreateContactDocument,
  RestoreContactDocument,
  UpdateContactDocument,
  type ContactOrderField,
  type ContactsQuery,
} from '../gql';
import { useCan } from '../lib/session';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { Facts, RecordPage } from '../ui/RecordPage';
import { RecordLink, Text } from '../ui/values';

type Row = ContactsQuery['contacts']['nodes'][number];

export function ContactList() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, ContactOrderField>[] = [
    { key: 'name', label: t('field.personName'), cell: (row) => row.name, sort: 'NAME' },
    { key: 'title', label: t('field.jobTitle'), cell: (row) => <Text value={row.title} /> },
    { key: 'company', label: t('field.company'), cell: (row) => <RecordLink to="/companies" record={row.company} /> },
    {
      key: 'email',
      label: t('field.email'),
      cell: (row) => (row.email ? <a href={`mailto:${row.email}`}>{row.email}</a> : <Text value={null} />),
    },
    {
      key: 'phone',
      label: t('field.phone'),
      cell: (row) => (row.phone ? <a href={`tel:${row.phone}`}>{row.phone}</a> : <Text value={null} />),
    },
  ];
  return (
    <ListPage
      title={t('nav.contacts')}
      document={ContactsDocument}
      select={(answer) => answer.contacts}
      columns={columns}
      href={(row) => `/companies/contacts/${row.id}`}
      filters={[{ kind: 'ref', param: 'companyId', ref: 'company', label: t('field.company') }]}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('contacts.search')}
      create={can('COMPANIES_WRITE') ? { to: '/companies/contacts/new', label: t('contacts.new') } : null}
      empty={{ title: t('contacts.empty'), text: t('contacts.emptyText') }}
    />
  );
}

export function ContactPage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/companies/contacts"
      up={t('nav.contacts')}
      load={ContactDocument}
      select={(answer) => answer.contact}
      title={(contact) => contact.name}
      mayEdit={can('COMPANIES_WRITE')}
      archive={{ archive: ArchiveContactDocument, restore: RestoreContactDocument }}
    >
      {(contact) => (
        <Facts
          facts={[
            { label: t('field.company'), value: <RecordLink to="/companies" record={contact.company} /> },
            { label: t('field.jobTitle'), value: <Text value={contact.title} /> },
            {
              label: t('field.email'),
              value: contact.email ? <a href={`mailto:${contact.email}`}>{contact.email}</a> : <Text value={null} />,
            },
            {
              label: t('field.phone'),
              value: contact.phone ? <a href={`tel:${contact.phone}`}>{contact.phone}</a> : <Text value={null} />,
            },
            contact.note ? { label: t('field.note'), value: contact.note } : null,
          ]}
        />
      )}
    </RecordPage>
  );
}

export function ContactForm() {
  const { t } = useTranslation();
  const fields: FieldDef[] = [
    { name: 'name', label: t('field.personName'), kind: 'text', required: true },
    { name: 'companyId', label: t('field.company'), kind: 'ref', ref: 'company' },
    { name: 'title', label: t('field.jobTitle'), kind: 'text' },
    { name: 'email', label: t('field.email'), kind: 'email', half: true },
    { name: 'phone', label: t('field.phone'), kind: 'text', half: true },
    { name: 'note', label: t('field.note'), kind: 'long' },
  ];
  return (
    <EntityForm
      path="/companies/contacts"
      titles={{ create: t('contacts.new'), edit: t('contacts.edit') }}
      fields={fields}
      load={ContactDocument}
      select={(answer) => answer.contact}
      create={CreateContactDocument}
      created={(answer) => answer.createContact.contact.id}
      update={UpdateContactDocument}
    />
  );
}
