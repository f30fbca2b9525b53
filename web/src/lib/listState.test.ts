import { describe, expect, it } from 'vitest';
import { isFiltered, readListState, toFilter, writeListState, type FilterDef } from './listState';

const defs: FilterDef[] = [
  { kind: 'enum', param: 'status', options: ['DRAFT', 'ISSUED', 'PAID'], label: '', optionLabel: '' },
  { kind: 'ref', param: 'companyId', ref: 'company', label: '' },
  { kind: 'dates', param: 'date', label: '' },
  { kind: 'flag', param: 'overdue', label: '' },
];
const read = (search: string) => readListState(new URLSearchParams(search), defs);

describe('the state of a list in its address', () => {
  it('survives there and back', () => {
    const search = 'q=ana&status=ISSUED&companyId=7&dateFrom=2026-01-01&overdue=1&archived=1&sort=-TOTAL&after=a%3D%3D&after=b';
    expect(writeListState(read(search)).toString()).toBe(search);
  });
  it('leaves out what is empty', () => {
    expect(writeListState(read('q=&status=')).toString()).toBe('');
    expect(isFiltered(read('sort=NAME'))).toBe(false);
    expect(isFiltered(read('q=x'))).toBe(true);
  });
  it('becomes the filter of the API', () => {
    expect(
      toFilter(read('q=%20ana%20&status=ISSUED,PAID&companyId=7&dateFrom=2026-01-01&dateTo=2026-02-01&overdue=1&archived=1'), defs, true),
    ).toEqual({
      search: 'ana',
      archived: true,
      status: { in: ['ISSUED', 'PAID'] },
      companyId: { eq: '7' },
      date: { gte: '2026-01-01', lte: '2026-02-01' },
      overdue: true,
    });
  });
  it('asks for records without the thing, for a report’s unassigned row', () => {
    expect(toFilter(read('companyId=none'), defs, true)).toEqual({ companyId: { isNull: true } });
    expect(toFilter(read('companyId=1,2'), defs, true)).toEqual({ companyId: { in: ['1', '2'] } });
  });
  it('ignores what the API wouldn’t know', () => {
    expect(toFilter(read('status=STOLEN&colour=red&overdue=yes'), defs, true)).toEqual({});
  });
});
