package saddlefarm.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table with a header; columns of numbers are aligned to the right. */
final class HtmlTable {

    /** What a cell says, and where it leads. */
    record Cell(String text, @Nullable String href) {}

    private final String name;
    private final List<String> header;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** @param name what the table is, for readers who do not see it */
    HtmlTable(String name, List<String> header) {
        this.name = name;
        this.header = List.copyOf(header);
    }

    static HtmlTable of(String name, Listing listing) {
        var table = new HtmlTable(name, listing.header());
        listing.rows().forEach(table::add);
        return table;
    }

    /** Adds a row with a cell for each column. */
    void add(List<String> row) {
        addCells(row.stream().map(text -> new Cell(text, null)).toList());
    }

    void addCells(List<Cell> row) {
        if (row.size() != header.size()) {
            throw new IllegalArgumentException("%d cells for %d columns".formatted(row.size(), header.size()));
        }
        rows.add(List.copyOf(row));
    }

    /** @param kind class of the table */
    void write(Html html, String kind) throws IOException {
        html.open("div", "class", "wide", "role", "region", "tabindex", "0", "aria-label", name);
        html.open("table", "class", kind).open("thead").open("tr");
        for (int c = 0; c < header.size(); c++) {
            html.element("th", header.get(c), "scope", "col", "class", alignment(c));
        }
        html.close("tr").close("thead").open("tbody");
        for (List<Cell> row : rows) {
            html.open("tr");
            for (int c = 0; c < row.size(); c++) {
                write(html, row.get(c), alignment(c));
            }
            html.close("tr");
        }
        html.close("tbody").close("table").close("div");
    }

    private static void write(Html html, Cell cell, String kind) throws IOException {
        html.open("td", "class", kind);
        if (cell.href() == null) {
            html.text(cell.text());
        } else {
            html.element("a", cell.text(), "href", cell.href());
        }
        html.close("td");
    }

    private String alignment(int column) {
        boolean numbers = rows.stream().allMatch(row -> row.get(column).text().matches("[-−≥\\d.,+eE∞]*"));
        return numbers ? "number" : "word";
    }
}
