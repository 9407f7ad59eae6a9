'use strict';

const express = require('express');
const check = require('../lib/check');
const db = require('../lib/db');
const { refusal } = require('../lib/errors');

const router = express.Router();

router.post('/', function (req, res, next) {
    const body = check.fields(req.body, { name: 'text' });
    db.insert('categories', body, function (err, id) {
        if (err) return next(err);
        res.status(201).json({ id: id, name: body.name });
    });
});

router.get('/', function (req, res, next) {
    db.many(
        "SELECT c.id, c.name, COUNT(t.id) AS tools, COALESCE(SUM(t.state = 'shelf'), 0) AS onShelf " +
            'FROM categories c LEFT JOIN tools t ON t.category_id = c.id ' +
            'GROUP BY c.id, c.name ORDER BY c.name',
        [],
        function (err, rows) {
            if (err) return next(err);
            res.json({ categories: rows });
        }
    );
});

router.delete('/:id', function (req, res, next) {
    db.change(
        'DELETE FROM categories WHERE id = ?',
        [check.number(req.params.id, 'id')],
        function (err, found) {
            if (err) return next(err);
            if (found === 0) return next(refusal(404, 'no such category'));
            res.status(204).end();
        }
    );
});

module.exports = router;
