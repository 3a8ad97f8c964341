import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.ValidationResult;

/** Says "compliant" for a file that is PDF/A-3u, and every clause that it breaks otherwise. */
public class Check {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.fromString("3u");
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(files[0]), flavour)) {
            ValidationResult found = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
            found.getFailedChecks().forEach((rule, times) -> System.out.println(rule + " x" + times));
            System.out.println(found.isCompliant() ? "compliant" : "not compliant");
        }
    }
}
