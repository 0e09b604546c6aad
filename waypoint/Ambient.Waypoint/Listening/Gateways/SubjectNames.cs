using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Ambient.Waypoint.Listening.Gateways;

/// <summary>DNS names and URIs of a certificate's subjectAltName (RFC 5280 §4.2.1.6); nothing of one that cannot be read.</summary>
internal static class SubjectNames
{
    private const string SubjectAltName = "2.5.29.17";
    private const int Most = 64;

    internal static IReadOnlyList<(string Kind, string Value)> Of(X509Certificate2 certificate)
    {
        List<(string, string)> names = [];
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value == SubjectAltName)
            {
                Read(extension.RawData, names);
            }
        }

        return names;
    }

    private static void Read(byte[] data, List<(string Kind, string Value)> names)
    {
        try
        {
            AsnReader all = new AsnReader(data, AsnEncodingRules.DER).ReadSequence();
            while (all.HasData && names.Count < Most)
            {
                Asn1Tag tag = all.PeekTag();
                string? kind = tag.TagClass != TagClass.ContextSpecific ? null : tag.TagValue switch { 2 => "DNS", 6 => "URI", _ => null };
                if (kind is null)
                {
                    all.ReadEncodedValue();
                }
                else
                {
                    names.Add((kind, all.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                }
            }
        }
        catch (AsnContentException)
        {
            names.Clear();
        }
    }
}
