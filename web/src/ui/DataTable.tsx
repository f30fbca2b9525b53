import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Order } from '../lib/listState';

export interface Column<Row, Sort extends string = string> {
  key: string;
  label: string;
  cell: (row: Row) => ReactNode;
  /** The API's order field; a column without one isn't sortable. */
  sort?: Sort;
  numeric?: boolean;
  /** Left out on a phone, where each row is a card. */
  wide?: boolean;
}

interface Props<Row> {
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row, index: number) => string;
  /** Where a row opens; its first cell is the link, and the row follows a click. */
  rowHref?: ((row: Row) => string | null) | undefined;
  order?: Order | null;
  onSort?: (field: string) => void;
  foot?: ReactNode;
  label: string;
  /** Stays a table on a phone, without its wide columns. */
  dense?: boolean;
}

/** A table where there is room for one, a list of cards on a phone. */
export function DataTable<Row>({ columns, rows, rowKey, rowHref, order, onSort, foot, label, dense = false }: Props<Row>) {
  return (
    <table className={dense ? 'data dense' : 'data cards'} aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Head key={column.key} column={column} order={order ?? null} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Row key={rowKey(row, index)} row={row} columns={columns} href={rowHref?.(row) ?? null} />
        ))}
      </tbody>
      {foot ? <tfoot>{foot}</tfoot> : null}
    </table>
  );
}

function Head<Row>({ column, order, onSort }: { column: Column<Row>; order: Order | null; onSort: ((field: string) => void) | undefined }) {
  const { t } = useTranslation();
  const { sort } = column;
  const active = sort !== undefined && order?.field === sort;
  const className = [column.numeric ? 'num' : '', column.wide ? 'wide' : ''].join(' ').trim();
  if (!sort || !onSort) return <th className={className}>{column.label}</th>;
  return (
    <th className={className} aria-sort={active ? (order.direction === 'ASC' ? 'ascending' : 'descending') : 'none'}>
      <UnstyledButton
        className={active ? 'sort active' : 'sort'}
        onClick={() => onSort(sort)}
        title={t('ui.sortBy', { column: column.label })}
      >
        {column.label}
        <span aria-hidden="true">{active ? (order.direction === 'ASC' ? ' ↑' : ' ↓') : ''}</span>
      </UnstyledButton>
    </th>
  );
}

function Row<Row>({ row, columns, href }: { row: Row; columns: Column<Row>[]; href: string | null }) {
  const navigate = useNavigate();
  const open = (event: React.MouseEvent<HTMLTableRowElement>) => {
    if (!href || (event.target as HTMLElement).closest('a, button, input, label') || window.getSelection()?.toString()) return;
    void navigate(href);
  };
  return (
    // The first cell holds a link for the keyboard; the click on the row is a convenience on top.
    <tr className={href ? 'opens' : undefined} onClick={open}>
      {columns.map((column, index) => (
        <td
          key={column.key}
          className={[column.numeric ? 'num' : '', column.wide ? 'wide' : ''].join(' ').trim()}
          data-label={column.label}
        >
          {index === 0 && href ? (
            <Link to={href} className="first">
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}
