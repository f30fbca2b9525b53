import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: the green of old copper. */
const arch: MantineColorsTuple = [
  '#eef7f5',
  '#dcebe8',
  '#b4d7d0',
  '#8ac2b7',
  '#67b0a2',
  '#4fa495',
  '#2f8a7b',
  '#0f6b5c',
  '#0a5a4d',
  '#04463c',
];

export const theme = createTheme({
  primaryColor: 'arch',
  primaryShade: 7,
  colors: { arch },
  fontFamily: "'Inter Variable', 'Noto Sans Georgian Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', 'Noto Sans Georgian Variable', system-ui, sans-serif", fontWeight: '600' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm', loaderProps: { type: 'dots' } } },
    TextInput: { defaultProps: { size: 'sm' } },
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
    Modal: { defaultProps: { centered: true } },
    Badge: { styles: { root: { textTransform: 'none' } } },
  },
});
