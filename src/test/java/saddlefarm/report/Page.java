package saddlefarm.report;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** A report as a reader of XML sees it. */
final class Page {

    private final Element root;

    private Page(Element root) {
        this.root = root;
    }

    static Page read(Path file) throws Exception {
        return new Page(parse(Files.readString(file)));
    }

    /** The root of a text that is well-formed XML. */
    static Element parse(String text) throws Exception {
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        builder.setEntityResolver((id, system) -> new InputSource(new StringReader("")));
        return builder.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    List<Element> all(String tag) {
        return all(root, tag);
    }

    List<String> texts(String tag) {
        return all(tag).stream().map(Element::getTextContent).toList();
    }

    List<Element> ofClass(String tag, String name) {
        return all(tag).stream()
                .filter(element -> element.getAttribute("class").equals(name))
                .toList();
    }

    /** The only table of a class. */
    List<List<String>> table(String kind) {
        return rows(ofClass("table", kind).get(0));
    }

    /** What the links hold that save a file, by the name of the file. */
    Map<String, String> downloads() {
        var downloads = new TreeMap<String, String>();
        for (Element link : all("a")) {
            if (link.hasAttribute("download")) {
                String data = link.getAttribute("href").replaceFirst("^data:[^,]*,", "");
                downloads.put(link.getAttribute("download"), URLDecoder.decode(data, StandardCharsets.UTF_8));
            }
        }
        return downloads;
    }

    static List<List<String>> rows(Element table) {
        return all(table, "tr").stream()
                .map(row -> {
                    var cells = new ArrayList<>(all(row, "th"));
                    cells.addAll(all(row, "td"));
                    return cells.stream().map(Element::getTextContent).toList();
                })
                .toList();
    }

    static List<Element> all(Element in, String tag) {
        var found = in.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    /** The curves of a drawing in a colour: x and y of their points in turn. */
    static List<double[]> curves(String svg, Ink ink) throws Exception {
        return all(parse(svg), "polyline").stream()
                .filter(curve -> curve.getAttribute("class").equals("s-" + ink.name()))
                .map(curve -> List.of(curve.getAttribute("points").split(",", -1)).stream()
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }

    /** A column of numbers; NaN where a cell is empty. */
    static double[] column(String csv, String name) throws IOException {
        List<String> lines = csv.lines().toList();
        int column = List.of(lines.get(0).split(",", -1)).indexOf(name);
        if (column < 0) {
            throw new IOException("no column " + name + " in " + lines.get(0));
        }
        return lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1)[column])
                .mapToDouble(cell -> cell.isEmpty() ? Double.NaN : Double.parseDouble(cell))
                .toArray();
    }
}
