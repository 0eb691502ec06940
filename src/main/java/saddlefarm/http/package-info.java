/** The farm over HTTP: health and metrics. */
@NullMarked
package saddlefarm.http;

import org.jspecify.annotations.NullMarked;
