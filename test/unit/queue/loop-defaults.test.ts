import { loopDefaults } from '../../../lib/queue';

it('lets a pull outlive three idle heartbeats, or a deleted consumer would never be noticed', () => {
	expect(loopDefaults.pullMs).toBeGreaterThan(3 * loopDefaults.idleHeartbeatMs);
});
