import { Burger, Drawer, Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation, useNavigate } from 'react-router';
import { LogOutDocument, SwitchTenantDocument } from '../gql';
import { useAct } from '../lib/api';
import { useCan, useMe } from '../lib/session';
import { LanguageSwitch } from './LanguageSwitch';
import { allowed, areas, links, type Area, type NavGroup, type NavItem } from './navigation';

/** Navigation at the side, or behind a button on a phone. */
export function Frame() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  // Open on this page only: going somewhere closes it.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === pathname;
  const setOpen = (next: boolean) => setOpenAt(next ? pathname : null);
  const { tenant } = useMe();
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [pathname]);
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <aside className="side">
        <Side />
      </aside>
      <div className="topbar">
        <Burger opened={open} onClick={() => setOpen(!open)} size="sm" aria-label={t('nav.menu')} transitionDuration={0} />
        <span className="workspace">{tenant.name}</span>
      </div>
      <Drawer opened={open} onClose={() => setOpen(false)} size={280} title="Kamara" transitionProps={{ duration: 0 }}>
        <Side />
      </Drawer>
      <main id="main" className="main">
        <Outlet />
      </main>
    </div>
  );
}

function Side() {
  const { t } = useTranslation();
  const can = useCan();
  const shown = areas
    .map((area) => ({ ...area, items: allowed(area.items, (item) => !item.needs || can(item.needs)) }))
    .filter((area) => area.items.length > 0 || area.alone);
  return (
    <div className="side-in">
      <Link to="/" className="brand">
        <img src="/arch.svg" alt="" width={20} height={20} />
        Kamara
      </Link>
      <Workspace />
      <nav className="nav" aria-label={t('nav.title')}>
        <ul>
          {shown.map((area) => (
            <AreaItem key={area.path} area={area} />
          ))}
        </ul>
      </nav>
      <SideFoot />
    </div>
  );
}

function AreaItem({ area }: { area: Area }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const inside = area.path === '/' ? pathname === '/' : pathname === area.path || pathname.startsWith(`${area.path}/`);
  const all = area.items.flatMap(links);
  // The longest address that the page's begins with: a contact isn't a company's page, though its address begins so.
  const current = all.filter((item) => `${pathname}/`.startsWith(`${item.to}/`)).sort((a, b) => b.to.length - a.to.length)[0];
  return (
    <li>
      <Link to={all[0]?.to ?? area.path} className={inside ? 'active' : ''}>
        {t(`nav.${area.name}`)}
      </Link>
      {inside && all.length > 1 ? (
        <ul>
          {area.items.map((item) => (
            <Entry key={item.name} item={item} current={current} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

/** A page, or a group, which shows its pages while one of them is open. */
function Entry({ item, current }: { item: NavItem | NavGroup; current: NavItem | undefined }) {
  const { t } = useTranslation();
  const [first] = links(item);
  if (!first) return null;
  if (!('items' in item)) {
    return (
      <li>
        <Link to={item.to} className={item === current ? 'active' : ''} aria-current={item === current ? 'page' : undefined}>
          {t(`nav.${item.name}`)}
        </Link>
      </li>
    );
  }
  const open = item.items.some((page) => page === current);
  return (
    <li>
      <Link to={first.to} className={open ? 'open' : ''}>
        {t(`nav.${item.name}`)}
      </Link>
      {open ? (
        <ul>
          {item.items.map((page) => (
            <Entry key={page.name} item={page} current={current} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

function Workspace() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const act = useAct(SwitchTenantDocument);
  if (me.tenants.length < 2) return <span className="workspace">{me.tenant.name}</span>;
  return (
    <Select
      aria-label={t('nav.workspace')}
      data={me.tenants.map((tenant) => ({ value: tenant.id, label: tenant.name }))}
      value={me.tenant.id}
      allowDeselect={false}
      onChange={(tenantId) => {
        if (tenantId && tenantId !== me.tenant.id) act.mutate({ input: { tenantId } }, { onSuccess: () => void navigate('/') });
      }}
    />
  );
}

function SideFoot() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const out = useAct(LogOutDocument);
  const leave = async () => {
    await out.mutateAsync({}).catch(() => null);
    client.clear();
    void navigate('/log-in');
  };
  return (
    <div className="side-foot">
      <LanguageSwitch stored />
      <Link to="/settings/profile">{me.user.name}</Link>
      <button type="button" className="as-link" onClick={() => void leave()}>
        {t('nav.logOut')}
      </button>
    </div>
  );
}
