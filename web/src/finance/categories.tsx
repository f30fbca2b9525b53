import { useTranslation } from 'react-i18next';
import {
  ArchiveCategoryRuleDocument,
  ArchiveExpenseCategoryDocument,
  CategoryRuleDocument,
  CategoryRulesDocument,
  CreateCategoryRuleDocument,
  CreateExpenseCategoryDocument,
  ExpenseCategoriesDocument,
  ExpenseCategoryDocument,
  RestoreCategoryRuleDocument,
  RestoreExpenseCategoryDocument,
  UpdateCategoryRuleDocument,
  UpdateExpenseCategoryDocument,
} from '../gql';
import { chargedTaxes } from '../lib/refs';
import { useCan } from '../lib/session';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import { ListPage } from '../ui/ListPage';
import { LinkButton } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { Money, RecordLink, Text } from '../ui/values';

export function ExpenseCategoryList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.expenseCategories')}
      document={ExpenseCategoriesDocument}
      select={(answer) => answer.expenseCategories}
      columns={[
        { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
        { key: 'account', label: t('field.account'), cell: (row) => <RecordLink to="/finance/accounts" record={row.account} /> },
        { key: 'taxCode', label: t('field.taxCode'), cell: (row) => <RecordLink to="/finance/tax-codes" record={row.taxCode} /> },
      ]}
      href={(row) => `/finance/expense-categories/${row.id}`}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('expenseCategories.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/expense-categories/new', label: t('expenseCategories.new') } : null}
      empty={{ title: t('expenseCategories.empty'), text: t('expenseCategories.emptyText') }}
    />
  );
}

export function ExpenseCategoryPage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/finance/expense-categories"
      up={t('nav.expenseCategories')}
      load={ExpenseCategoryDocument}
      select={(answer) => answer.expenseCategory}
      title={(category) => category.name}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveExpenseCategoryDocument, restore: RestoreExpenseCategoryDocument }}
      actions={(category) => (
        <>
          <LinkButton to={`/finance/expenses${query({ categoryId: category.id })}`}>{t('nav.expenses')}</LinkButton>
          <LinkButton to={`/finance/category-rules${query({ categoryId: category.id })}`}>{t('nav.categoryRules')}</LinkButton>
        </>
      )}
    >
      {(category) => (
        <Facts
          facts={[
            { label: t('field.account'), value: <RecordLink to="/finance/accounts" record={category.account} /> },
            { label: t('field.taxCode'), value: <RecordLink to="/finance/tax-codes" record={category.taxCode} /> },
          ]}
        />
      )}
    </RecordPage>
  );
}

export function ExpenseCategoryForm() {
  const { t } = useTranslation();
  return (
    <EntityForm
      path="/finance/expense-categories"
      titles={{ create: t('expenseCategories.new'), edit: t('expenseCategories.edit') }}
      fields={[
        { name: 'name', label: t('field.name'), kind: 'text', required: true },
        {
          name: 'accountId',
          label: t('expenses.account'),
          kind: 'ref',
          ref: 'account',
          base: () => ({ type: { in: ['EXPENSE', 'ASSET'] } }),
          required: true,
          half: true,
        },
        { name: 'taxCodeId', label: t('field.taxCode'), kind: 'ref', ref: 'taxCode', base: () => chargedTaxes, half: true },
      ]}
      load={ExpenseCategoryDocument}
      select={(answer) => answer.expenseCategory}
      create={CreateExpenseCategoryDocument}
      created={(answer) => answer.createExpenseCategory.expenseCategory.id}
      update={UpdateExpenseCategoryDocument}
    />
  );
}

export function CategoryRuleList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.categoryRules')}
      document={CategoryRulesDocument}
      select={(answer) => answer.categoryRules}
      columns={[
        {
          key: 'category',
          label: t('field.category'),
          cell: (row) => <RecordLink to="/finance/expense-categories" record={row.category} />,
        },
        { key: 'words', label: t('categoryRules.words'), cell: (row) => <Text value={row.words} /> },
        { key: 'supplier', label: t('field.supplier'), cell: (row) => <RecordLink to="/companies" record={row.supplier} /> },
        { key: 'amountFrom', label: t('categoryRules.amountFrom'), cell: (row) => <Money value={row.amountFrom} />, numeric: true },
        { key: 'amountTo', label: t('categoryRules.amountTo'), cell: (row) => <Money value={row.amountTo} />, numeric: true },
        {
          key: 'priority',
          label: t('categoryRules.priority'),
          cell: (row) => <span className="figure">{row.priority}</span>,
          numeric: true,
          sort: 'PRIORITY',
        },
      ]}
      href={(row) => `/finance/category-rules/${row.id}`}
      filters={[
        { kind: 'ref', param: 'categoryId', ref: 'expenseCategory', label: t('field.category') },
        { kind: 'ref', param: 'supplierId', ref: 'company', label: t('field.supplier') },
      ]}
      order={{ field: 'PRIORITY', direction: 'DESC' }}
      create={can('FINANCE_WRITE') ? { to: '/finance/category-rules/new', label: t('categoryRules.new') } : null}
      empty={{ title: t('categoryRules.empty'), text: t('categoryRules.emptyText') }}
    />
  );
}

export function CategoryRulePage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/finance/category-rules"
      up={t('nav.categoryRules')}
      load={CategoryRuleDocument}
      select={(answer) => answer.categoryRule}
      title={(rule) => t('categoryRules.title', { name: rule.category.name })}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveCategoryRuleDocument, restore: RestoreCategoryRuleDocument }}
    >
      {(rule) => (
        <Facts
          facts={[
            { label: t('field.category'), value: <RecordLink to="/finance/expense-categories" record={rule.category} /> },
            { label: t('categoryRules.words'), value: <Text value={rule.words} /> },
            { label: t('field.supplier'), value: <RecordLink to="/companies" record={rule.supplier} /> },
            { label: t('categoryRules.amountFrom'), value: <Money value={rule.amountFrom} /> },
            { label: t('categoryRules.amountTo'), value: <Money value={rule.amountTo} /> },
            { label: t('categoryRules.priority'), value: rule.priority },
          ]}
        />
      )}
    </RecordPage>
  );
}

export function CategoryRuleForm() {
  const { t } = useTranslation();
  return (
    <EntityForm
      path="/finance/category-rules"
      titles={{ create: t('categoryRules.new'), edit: t('categoryRules.edit') }}
      fields={[
        { name: 'categoryId', label: t('field.category'), kind: 'ref', ref: 'expenseCategory', required: true },
        { name: 'words', label: t('categoryRules.words'), kind: 'text', hint: t('categoryRules.wordsHint') },
        { name: 'supplierId', label: t('field.supplier'), kind: 'ref', ref: 'company' },
        { name: 'amountFrom', label: t('categoryRules.amountFrom'), kind: 'decimal', half: true },
        { name: 'amountTo', label: t('categoryRules.amountTo'), kind: 'decimal', half: true },
        { name: 'priority', label: t('categoryRules.priority'), kind: 'integer', hint: t('categoryRules.priorityHint'), half: true },
      ]}
      load={CategoryRuleDocument}
      select={(answer) => answer.categoryRule}
      create={CreateCategoryRuleDocument}
      created={(answer) => answer.createCategoryRule.categoryRule.id}
      update={UpdateCategoryRuleDocument}
    />
  );
}
