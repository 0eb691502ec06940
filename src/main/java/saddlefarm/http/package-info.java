/** The farm over HTTP: the API, health and metrics. */
@NullMarked
package saddlefarm.http;

import org.jspecify.annotations.NullMarked;
