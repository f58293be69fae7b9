import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarSpace,
} from '@backstage/core-components';
import type { NavContentComponentProps } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import CreateIcon from '@material-ui/icons/AddCircleOutline';
import CatalogIcon from '@material-ui/icons/Category';
import MenuIcon from '@material-ui/icons/Menu';
import SettingsIcon from '@material-ui/icons/Settings';
import { makeStyles } from '@material-ui/core/styles';
import VpnKeyIcon from '@material-ui/icons/VpnKey';

const useStyles = makeStyles(
  // A label is given 110 px, and the place for an action beside it 48, whether or not there is one.
  {
    item: {
      '& > span': { width: 'auto' },
      '& > div:empty': { display: 'none' },
    },
  },
  { name: 'PortalSidebar' },
);

/** Catalog, Access gateways, Create, Notifications and Settings: each where its plugin is installed. @internal */
export function PortalSidebar({ navItems }: NavContentComponentProps) {
  const classes = useStyles();
  const catalog = navItems.take('page:catalog');
  const gateways = navItems.take('page:hoop-authentik');
  const scaffolder = navItems.take('page:scaffolder');
  const notifications = navItems.take('page:notifications');
  const settings = navItems.take('page:user-settings');

  return (
    <Sidebar>
      <SidebarGroup label="Menu" icon={<MenuIcon />}>
        {catalog && (
          <SidebarItem icon={CatalogIcon} to={catalog.href} text="Catalog" />
        )}
        {gateways && (
          <SidebarItem
            className={classes.item}
            icon={VpnKeyIcon}
            to={gateways.href}
            text={gateways.title}
          />
        )}
        {scaffolder && (
          <SidebarItem icon={CreateIcon} to={scaffolder.href} text="Create" />
        )}
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      {notifications && <NotificationsSidebarItem />}
      {settings && (
        <SidebarGroup
          label="Settings"
          icon={<SettingsIcon />}
          to={settings.href}
        >
          <SidebarItem icon={SettingsIcon} to={settings.href} text="Settings" />
        </SidebarGroup>
      )}
    </Sidebar>
  );
}
