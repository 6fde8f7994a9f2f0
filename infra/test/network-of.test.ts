import { networkOf } from '@holdfast/infra/runtime';
import { suite } from '@holdfast/infra/testing';
import * as assert from 'uvu/assert';

const test = suite('networks that limits are counted by');

test('one budget for an IPv4 address and for a /64 of IPv6', () => {
  assert.is(networkOf('::ffff:192.0.2.7'), '192.0.2.7');
  assert.is(networkOf('192.0.2.7'), '192.0.2.7');
  assert.is(networkOf('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64');
  assert.is(networkOf('2001:0db8:0001:0002::1'), networkOf('2001:db8:1:2:ffff::'));
  assert.is(networkOf('2001:db8::1'), '2001:db8:0:0::/64');
  assert.is(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.is.not(networkOf('2001:db8:1:3::1'), networkOf('2001:db8:1:2::1'));
});

test.run();
