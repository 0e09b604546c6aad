using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Core.Identity;

namespace Ambient.Identity.Svids;

/// <summary>The subjectAltName extension (RFC 5280 §4.2.1.6) as SVIDs carry it: one URI, nothing else by us.</summary>
internal static class SpiffeSan
{
    public const string Oid = "2.5.29.17";

    private const int MaxNames = 64;

    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);

    /// <summary>Critical, as RFC 5280 asks when the subject is empty.</summary>
    public static X509Extension Encode(SpiffeId id) => Encode(writer => writer.WriteCharacterString(UniversalTagNumber.IA5String, id.ToString(), Uri), critical: true);

    public static X509Extension EncodeDns(IEnumerable<string> names) => Encode(
        writer =>
        {
            foreach (string name in names)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, Dns);
            }
        },
        critical: false);

    /// <summary>
    /// The one SPIFFE id of a certificate. An X.509-SVID has exactly one URI name (X509-SVID §2); with several nobody
    /// can say who it is, so it is nobody.
    /// </summary>
    /// <returns>Null and the reason when there is none, several, or it is not of the mesh's layout.</returns>
    public static SpiffeId? Read(X509ExtensionCollection extensions, out string? problem)
    {
        X509Extension[] found = [.. extensions.Where(e => e.Oid?.Value == Oid).Take(2)];
        if (found.Length != 1)
        {
            problem = found.Length == 0 ? "it has no subject alternative name" : "it has several subject alternative name extensions";
            return null;
        }

        if (!TryNames(found[0].RawData, out List<string> uris, out _, out problem))
        {
            return null;
        }

        if (uris.Count != 1)
        {
            problem = uris.Count == 0 ? "it names no SPIFFE id" : $"it names {uris.Count} URIs, and a SPIFFE certificate names exactly one";
            return null;
        }

        if (!SpiffeId.TryParse(uris[0], out SpiffeId id))
        {
            problem = $"'{Printable(uris[0])}' is not a SPIFFE id of this mesh's form";
            return null;
        }

        return id;
    }

    /// <summary>URIs and the number of names of any other kind; false when the bytes are not GeneralNames.</summary>
    public static bool TryNames(byte[] der, out List<string> uris, out int others, out string? problem)
    {
        uris = [];
        others = 0;
        problem = null;
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            AsnReader names = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            for (int count = 0; names.HasData; count++)
            {
                if (count == MaxNames)
                {
                    problem = $"it has more than {MaxNames} subject alternative names";
                    return false;
                }

                if (names.PeekTag().HasSameClassAndValue(Uri))
                {
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Uri));
                }
                else
                {
                    names.ReadEncodedValue();
                    others++;
                }
            }

            return true;
        }
        catch (AsnContentException)
        {
            problem = "its subject alternative name is malformed";
            return false;
        }
    }

    private static X509Extension Encode(Action<AsnWriter> names, bool critical)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            names(writer);
        }

        return new X509Extension(new Oid(Oid), writer.Encode(), critical);
    }

    // The text comes from a peer and ends in logs.
    private static string Printable(string text) =>
        string.Concat(text.Take(256).Select(c => c is > ' ' and < '\x7f' ? c : '?'));
}
