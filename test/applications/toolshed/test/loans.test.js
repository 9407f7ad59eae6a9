'use strict';

const assert = require('node:assert/strict');
const { get, post, put, makeMember, makeTool, lend, unique, NO_ID } = require('./client');

describe('lending', function () {
    it('a loan is due after its days, also over the end of February', async function () {
        const member = await makeMember();
        const tool = await makeTool({ title: 'Leap saw' });
        const reply = await lend(member, tool, '2028-02-27', 3);
        assert.equal(reply.status, 201);
        const { id, ...rest } = reply.body;
        assert.equal(typeof id, 'number');
        assert.deepEqual(rest, {
            memberId: member,
            tool: 'Leap saw',
            lentOn: '2028-02-27',
            dueOn: '2028-03-01',
            returnedOn: null,
            fee: null
        });
    });

    it('a tool that is out is not lent', async function () {
        const tool = await makeTool();
        await lend(await makeMember(), tool);
        assert.deepEqual(await lend(await makeMember(), tool), {
            status: 409,
            body: { error: 'the tool is not on the shelf: out' }
        });
    });

    it('of many who want a tool at once a single one gets it', async function () {
        const tool = await makeTool();
        const members = await Promise.all(Array.from({ length: 6 }, () => makeMember()));
        const replies = await Promise.all(members.map((member) => lend(member, tool)));
        const statuses = replies.map(({ status }) => status).sort();
        assert.deepEqual(statuses, [201, 409, 409, 409, 409, 409]);
    });

    it('a member has three loans at most', async function () {
        const member = await makeMember();
        for (let n = 0; n < 3; n += 1) await lend(member, await makeTool());
        const tool = await makeTool();
        assert.deepEqual(await lend(member, tool), {
            status: 409,
            body: { error: 'the member has 3 loans' }
        });
        assert.equal((await get('/tools/' + tool)).body.state, 'shelf');
    });

    it('a blocked member gets nothing', async function () {
        const member = await makeMember();
        const change = { name: 'x', email: unique('x') + '@example.org', blocked: true };
        await put('/members/' + member, change);
        assert.equal((await lend(member, await makeTool())).status, 403);
    });

    it('a reserved tool goes to the first in the queue, who then leaves it', async function () {
        const tool = await makeTool();
        const [first, second] = [await makeMember(), await makeMember()];
        for (const memberId of [first, second]) {
            await post('/tools/' + tool + '/reservations', { memberId });
        }
        assert.equal((await lend(second, tool)).status, 409);
        assert.equal((await lend(first, tool)).status, 201);
        const { queue } = (await get('/tools/' + tool)).body;
        assert.deepEqual(
            queue.map(({ id }) => id),
            [second]
        );
    });

    it('what is not there, or not understood, is refused', async function () {
        const [member, tool] = [await makeMember(), await makeTool()];
        assert.deepEqual((await lend(member, NO_ID)).body, { error: 'no such tool' });
        assert.deepEqual((await lend(NO_ID, tool)).body, { error: 'no such member' });
        assert.equal((await lend(member, tool, '2026-13-01')).status, 400);
        assert.equal((await lend(member, tool, '2026-01-01', 91)).status, 400);
    });
});

describe('returning', function () {
    it('the fee is for each day, one at least', async function () {
        const member = await makeMember();
        const tool = await makeTool({ dailyFee: 1.35 });
        const back = async (lentOn, returnedOn) => {
            const { id } = (await lend(member, tool, lentOn)).body;
            const reply = await post('/loans/' + id + '/return', { returnedOn });
            assert.equal(reply.status, 200);
            return reply.body;
        };
        assert.equal((await back('2026-03-01', '2026-03-01')).fee, 1.35);
        const longer = await back('2026-03-28', '2026-04-04');
        assert.deepEqual([longer.fee, longer.returnedOn], [9.45, '2026-04-04']);
        assert.equal((await get('/tools/' + tool)).body.state, 'shelf');
        assert.equal((await get('/members/' + member)).body.openLoans, 0);
    });

    it('a loan is returned once, and not before it began', async function () {
        const { id } = (await lend(await makeMember(), await makeTool(), '2026-03-05')).body;
        const back = (returnedOn) => post('/loans/' + id + '/return', { returnedOn });
        assert.deepEqual(await back('2026-03-04'), {
            status: 409,
            body: { error: 'lent on 2026-03-05' }
        });
        assert.equal((await back('2026-03-06')).status, 200);
        assert.deepEqual((await back('2026-03-07')).body, { error: 'returned on 2026-03-06' });
        assert.equal(
            (await post('/loans/' + NO_ID + '/return', { returnedOn: '2026-03-07' })).status,
            404
        );
        assert.equal((await back('soon')).status, 400);
    });
});

describe('lists of loans', function () {
    it('they are of one member, newest first, open or not', async function () {
        const member = await makeMember();
        const ids = [];
        for (const day of ['2026-03-02', '2026-03-01', '2026-03-02']) {
            ids.push((await lend(member, await makeTool(), day)).body.id);
        }
        await post('/loans/' + ids[0] + '/return', { returnedOn: '2026-03-03' });
        const list = async (query) =>
            (await get('/loans?memberId=' + member + query)).body.loans.map(({ id }) => id);
        assert.deepEqual(await list(''), [ids[2], ids[0], ids[1]]);
        assert.deepEqual(await list('&open=yes'), [ids[2], ids[1]]);
        assert.deepEqual(await list('&open=no'), [ids[0]]);
    });

    it('they tell what is overdue on a day', async function () {
        const member = await makeMember();
        const { id } = (await lend(member, await makeTool(), '2026-03-01', 5)).body;
        const overdue = async (day) =>
            (await get('/loans?memberId=' + member + '&overdueOn=' + day)).body.loans;
        assert.deepEqual(await overdue('2026-03-06'), []);
        assert.deepEqual(
            (await overdue('2026-03-07')).map((loan) => loan.id),
            [id]
        );
        assert.equal((await get('/loans?overdueOn=now')).status, 400);
        assert.equal((await get('/loans?memberId=me')).status, 400);
    });
});
