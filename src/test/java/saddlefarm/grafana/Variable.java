package saddlefarm.grafana;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a user chooses at the top of a dashboard. */
record Variable(ObjectNode json) {

    /** How Grafana sorts the values of a variable. */
    enum Order {
        BY_LETTER(1),
        BY_NUMBER(3);

        private final int code;

        Order(int code) {
            this.code = code;
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    // when the dashboard is opened or its time range changes
    private static final int ON_TIME_RANGE = 2;
    private static final int HIDDEN = 2;
    private static final int CLASSIC_QUERY = 5;

    /** The data source, for those who have another Prometheus: it is in the address, and not on the page. */
    static Variable datasource() {
        ObjectNode json = named("datasource", "Data source", "datasource")
                .put("query", "prometheus")
                .put("hide", HIDDEN)
                .put("refresh", 1);
        json.putObject("current").put("text", "Prometheus").put("value", "saddlefarm-prometheus");
        return new Variable(json);
    }

    /** A text that the user may change. */
    static Variable text(String name, String label, String value) {
        ObjectNode json = named(name, label, "textbox").put("query", value);
        json.putObject("current").put("text", value).put("value", value);
        return new Variable(json);
    }

    /** One of a few values, the first unless the user chooses another. */
    static Variable choice(String name, String label, String... values) {
        ObjectNode json = named(name, label, "custom").put("query", String.join(",", values));
        json.putObject("current").put("text", values[0]).put("value", values[0]);
        for (String value : values) {
            json.withArray("options")
                    .addObject()
                    .put("text", value)
                    .put("value", value)
                    .put("selected", value.equals(values[0]));
        }
        return new Variable(json);
    }

    /** One of the values that Prometheus has; the first unless the user chooses another. */
    static Variable query(String name, String label, String question, Order order) {
        String query = Dashboard.quoted(question);
        ObjectNode json = named(name, label, "query")
                .put("definition", query)
                .put("refresh", ON_TIME_RANGE)
                .put("sort", order.code)
                .put("multi", false)
                .put("includeAll", false)
                .put("regex", "");
        json.set("datasource", Dashboard.datasource());
        json.putObject("query")
                .put("qryType", CLASSIC_QUERY)
                .put("query", query)
                .put("refId", name);
        json.putObject("current");
        return new Variable(json);
    }

    /** Of which several may be chosen. */
    Variable several() {
        json.put("multi", true);
        return this;
    }

    /** Of which several may be chosen, and all are unless the user chooses some. */
    Variable all() {
        several();
        json.put("includeAll", true);
        json.putObject("current").put("text", "All").put("value", "$__all");
        return this;
    }

    /** Of which only those are shown that match; of these what a group in parentheses matches. */
    Variable matching(String regex) {
        json.put("regex", "/" + regex + "/");
        return this;
    }

    private static ObjectNode named(String name, String label, String type) {
        ObjectNode json = JSON.createObjectNode()
                .put("name", name)
                .put("label", label)
                .put("type", type)
                .put("hide", 0);
        json.putArray("options");
        return json;
    }
}
