/** The source of Grafana's dashboards, and tests of all that is in the folder grafana. */
@NullMarked
package saddlefarm.grafana;

import org.jspecify.annotations.NullMarked;
