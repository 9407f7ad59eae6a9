import { Router, type Request } from 'express';
import { integer, optionalText, oneOf, price, readFields } from '../http/fields.js';
import { intId, intIdList, parseBigId, parseIntId } from '../http/ids.js';
import { badRequest, notFound } from '../http/errors.js';
import { readPage } from '../http/paging.js';
import { isoSecond } from '../lib/dates.js';
import { PRODUCT_SORTS, type ProductRepository, type ProductSearch } from '../repositories/product-repository.js';
import { addReview, listReviews } from '../services/reviews.js';
import { productView } from '../views/product.js';

function readSearch(request: Request): ProductSearch {
  const query = readFields({ ...request.query });
  const { limit, offset } = readPage(request);
  const search: ProductSearch = { sort: 'name', limit, offset };
  if (query['sort'] !== undefined) search.sort = oneOf(query, 'sort', PRODUCT_SORTS);
  if (query['category'] !== undefined) search.categoryId = parseIntId(query['category'], 'category');
  if (query['minPrice'] !== undefined) search.minPrice = price(query, 'minPrice');
  if (query['maxPrice'] !== undefined) search.maxPrice = price(query, 'maxPrice');
  const term = optionalText(query, 'q', 80);
  if (term !== null && term !== '') search.term = term;
  return search;
}

export function productRoutes(products: ProductRepository): Router {
  const router = Router();

  router.get('/products', async (request, response) => {
    const { page, limit } = readPage(request);
    const found = await products.search(readSearch(request));
    response.json({ products: found.products.map(productView), total: found.total, page, pageSize: limit });
  });

  router.get('/products/batch', async (request, response) => {
    const ids = intIdList(request.query['ids'], 'ids');
    const found = await products.findMany(ids);
    response.json({ products: found.map(productView) });
  });

  router.get('/products/by-sku/:sku', async (request, response) => {
    const product = await products.findBySku(request.params.sku);
    if (product === undefined) throw notFound('product');
    response.json(productView(product));
  });

  router.get('/products/:id', async (request, response) => {
    const id = intId(request);
    const product = await products.findById(id);
    if (product === undefined) throw notFound('product');
    const [tags, rating] = await Promise.all([products.tagsOf(id), products.ratingOf(id)]);
    response.json({
      ...productView(product),
      category: product.category_name,
      availability: product.availability,
      tags,
      rating,
    });
  });

  router.get('/products/:id/reviews', async (request, response) => {
    const id = intId(request);
    const page = readPage(request, 10);
    if (!(await products.exists(id))) throw notFound('product');
    const { reviews, total } = await listReviews(id, page);
    response.json({
      reviews: reviews.map((review) => ({
        id: review.id,
        author: review.author,
        rating: review.rating,
        body: review.body,
        isVerified: review.is_verified === 1,
        createdAt: isoSecond(review.created_at),
      })),
      total,
    });
  });

  router.post('/products/:id/reviews', async (request, response) => {
    const productId = intId(request);
    const fields = readFields(request.body);
    const review = {
      productId,
      customerId: parseBigId(fields['customerId'], 'customerId'),
      rating: integer(fields, 'rating', 1, 5),
      body: optionalText(fields, 'body', 4000),
    };
    if (!(await products.exists(productId))) throw notFound('product');
    response.status(201).json(await addReview(review));
  });

  router.get('/tags/:name/products', async (request, response) => {
    if (request.params.name.length > 60) throw badRequest('the tag is too long');
    const found = await products.findByTag(request.params.name);
    response.json({ products: found.map(productView) });
  });

  return router;
}
