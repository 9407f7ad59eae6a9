'use strict';

const express = require('express');
const check = require('../lib/check');
const db = require('../lib/db');
const { refusal } = require('../lib/errors');

const router = express.Router();

const LIST =
    'SELECT t.id, t.barcode, t.title, c.name AS category, t.daily_fee AS dailyFee, t.state ' +
    'FROM tools t JOIN categories c ON c.id = t.category_id';

router.post('/', function (req, res, next) {
    const body = check.fields(req.body, {
        barcode: 'text',
        title: 'text',
        categoryId: 'id',
        dailyFee: 'money?',
        notes: 'text?'
    });
    const row = { barcode: body.barcode, title: body.title, category_id: body.categoryId };
    if (body.dailyFee !== undefined) row.daily_fee = body.dailyFee;
    if (body.notes !== undefined) row.notes = body.notes;
    db.insert('tools', row, function (err, id) {
        if (err) return next(err);
        db.one(LIST + ' WHERE t.id = ?', [id], function (err, tool) {
            if (err) return next(err);
            res.status(201).json(tool);
        });
    });
});

router.get('/', function (req, res, next) {
    let sql = LIST + ' WHERE 1 = 1';
    const params = [];
    if (req.query.category !== undefined) {
        sql += ' AND c.name = ?';
        params.push(String(req.query.category));
    }
    if (req.query.state !== undefined) {
        sql += ' AND t.state = ?';
        params.push(String(req.query.state));
    }
    if (req.query.title !== undefined) {
        sql += ' AND t.title LIKE ?';
        params.push(String(req.query.title).replace(/[\\%_]/g, '\\$&') + '%');
    }
    sql += req.query.sort === 'fee' ? ' ORDER BY t.daily_fee, t.id' : ' ORDER BY t.title, t.id';
    sql += ' LIMIT 50';
    db.many(sql, params, function (err, rows) {
        if (err) return next(err);
        res.json({ tools: rows });
    });
});

router.get('/:id', function (req, res, next) {
    const id = check.number(req.params.id, 'id');
    db.one(
        'SELECT t.id, t.barcode, t.title, c.name AS category, t.daily_fee AS dailyFee, t.state, t.notes, ' +
            'l.due_on AS dueOn, m.name AS lentTo ' +
            'FROM tools t JOIN categories c ON c.id = t.category_id ' +
            'LEFT JOIN loans l ON l.tool_id = t.id AND l.returned_on IS NULL ' +
            'LEFT JOIN members m ON m.id = l.member_id WHERE t.id = ?',
        [id],
        function (err, tool) {
            if (err) return next(err);
            if (!tool) return next(refusal(404, 'no such tool'));
            db.many(
                'SELECT m.id, m.name FROM reservations r JOIN members m ON m.id = r.member_id ' +
                    'WHERE r.tool_id = ? ORDER BY r.id',
                [id],
                function (err, rows) {
                    if (err) return next(err);
                    res.json(Object.assign({}, tool, { queue: rows }));
                }
            );
        }
    );
});

router.post('/:id/reservations', function (req, res, next) {
    const toolId = check.number(req.params.id, 'id');
    const body = check.fields(req.body, { memberId: 'id' });
    const row = { tool_id: toolId, member_id: body.memberId };
    db.insert('reservations', row, function (err) {
        if (err) return next(err);
        db.one(
            'SELECT COUNT(*) AS place FROM reservations WHERE tool_id = ?',
            [toolId],
            function (err, counted) {
                if (err) return next(err);
                res.status(201).json({ place: counted.place });
            }
        );
    });
});

router.delete('/:id/reservations/:memberId', function (req, res, next) {
    db.change(
        'DELETE FROM reservations WHERE tool_id = ? AND member_id = ?',
        [check.number(req.params.id, 'id'), check.number(req.params.memberId, 'memberId')],
        function (err, found) {
            if (err) return next(err);
            if (found === 0) return next(refusal(404, 'no such reservation'));
            res.status(204).end();
        }
    );
});

module.exports = router;
