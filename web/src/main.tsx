import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/noto-sans-georgian/index.css';
import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import '@mantine/charts/styles.css';
import '@mantine/notifications/styles.css';
import './css/base.css';
import './css/frame.css';
import './css/tables.css';
import './css/records.css';
import './css/forms.css';
import './css/board.css';
import './css/reports.css';
import './css/phone.css';
import { MantineProvider } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import 'dayjs/locale/ka';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { useTranslation } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { makeQueryClient } from './lib/api';
import { currentLanguage } from './lib/i18n';
import { router } from './routes';
import { theme } from './theme';

const client = makeQueryClient();
document.documentElement.lang = currentLanguage();

function App() {
  const { i18n } = useTranslation();
  return (
    <MantineProvider theme={theme} forceColorScheme="light">
      <Notifications position="bottom-right" transitionDuration={0} />
      <DatesProvider settings={{ locale: i18n.language === 'ka' ? 'ka' : 'en', firstDayOfWeek: 1 }}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  );
}

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
