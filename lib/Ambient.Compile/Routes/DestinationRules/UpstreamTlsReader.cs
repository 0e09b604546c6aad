using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.DestinationRules;

/// <summary>
/// ClientTLSSettings. Files on a proxy's disk do not exist here: what needs one is refused on use, never sent in the clear. A credentialName is a
/// Secret in the namespace of whichever proxy uses it, as in Istio.
/// </summary>
internal static class UpstreamTlsReader
{
    private static readonly string[] Files = ["clientCertificate", "privateKey", "caCertificates"];

    public static UpstreamTls? Read(JsonView t)
    {
        if (!t.Exists)
        {
            return null;
        }

        var mode = t.Text("mode") switch
        {
            "" or "DISABLE" => UpstreamTlsMode.Disable,
            "SIMPLE" => UpstreamTlsMode.Simple,
            "MUTUAL" => UpstreamTlsMode.Mutual,
            "ISTIO_MUTUAL" => UpstreamTlsMode.MeshMutual,
            var other => throw new FieldException($"{t.Path}.mode", $"'{RouteFields.Shortened(other)}' is not one of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL"),
        };
        string credential = t.Text("credentialName");
        return new UpstreamTls
        {
            Mode = mode,
            ServerName = t.Text("sni") is { Length: > 0 } sni ? sni : null,
            SubjectAltNames = [.. t.Texts("subjectAltNames")],
            Credential = credential.Length > 0 && (mode is UpstreamTlsMode.Simple or UpstreamTlsMode.Mutual) ? credential : null,
            SkipVerification = t.Flag("insecureSkipVerify"),
            Invalid = mode is not (UpstreamTlsMode.Simple or UpstreamTlsMode.Mutual) ? null
                : Array.Find(Files, f => t.Text(f) is { Length: > 0 } file && file != "system") is { } field
                    ? $"tls.{field} names a file of a sidecar; put it into a Secret and name that as credentialName"
                : mode == UpstreamTlsMode.Mutual && credential.Length == 0 ? "tls mode MUTUAL needs a credentialName"
                : null,
        };
    }
}
