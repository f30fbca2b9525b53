import { expect, it } from 'vitest';
import { deviceName } from './device';

it('names a browser by what it says about itself', () => {
  expect(deviceName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36')).toBe(
    'Chrome, Linux',
  );
  expect(
    deviceName(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari, iOS');
  expect(deviceName('curl/8.0')).toBeNull();
  expect(deviceName(null)).toBeNull();
});
