import { notifications } from '@mantine/notifications';
import { i18next } from '../lib/i18n';

/** What was done, and goes over a limit that only warns: said until it's closed, whatever page comes next. */
export function warn(warnings: readonly string[]): void {
  for (const message of warnings) {
    notifications.show({
      message,
      color: 'yellow',
      autoClose: false,
      role: 'alert',
      closeButtonProps: { 'aria-label': i18next.t('ui.close') },
    });
  }
}
