using System.Collections.Immutable;
using System.Globalization;
using Ambient.Compile.Reports;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Istio;

/// <summary>Server and ServerTLSSettings.</summary>
internal static class IstioServerReader
{
    private static readonly string[] Files = ["serverCertificate", "privateKey", "caCertificates", "tlsCertificates"];
    private static readonly string[] Pins = ["verifyCertificateSpki", "verifyCertificateHash", "cipherSuites", "caCrl"];

    public static IstioServerSource Read(JsonView s, int at, SourceMeta meta, RouteProblems problems)
    {
        var port = s["port"];
        int number = port.Port("number") is > 0 and var n ? n : throw new FieldException($"{port.Path}.number", "is required");
        var tls = s["tls"];
        string mode = tls.Text("mode");
        var protocol = Protocol(port, tls, mode);
        var hosts = s.List("hosts").Select(h => Host(h, meta.Namespace)).ToImmutableArray();
        if (hosts.IsEmpty)
        {
            throw new FieldException($"{s.Path}.hosts", "must name at least one host; * is all");
        }

        if (s.Text("bind").Length > 0)
        {
            problems.Warn(FindingCodes.UnsupportedRouteField, $"{s.Path}.bind", "has no effect: a gateway listens to all its addresses");
        }

        bool mesh = mode == "ISTIO_MUTUAL";
        ImmutableArray<string> credentials = [.. tls.Texts("credentialNames").Prepend(tls.Text("credentialName")).Where(static c => c.Length > 0).Distinct(StringComparer.Ordinal)];
        bool ends = !mesh && protocol is ListenerProtocol.Https or ListenerProtocol.TlsTerminate;
        var clients = mode switch
        {
            "MUTUAL" => ClientVerification.Required,
            "OPTIONAL_MUTUAL" => ClientVerification.Optional,
            _ => ClientVerification.None,
        };
        foreach (string pin in Pins.Where(p => tls[p].Exists))
        {
            problems.Warn(FindingCodes.UnsupportedRouteField, $"{tls.Path}.{pin}", pin == "cipherSuites" ? "has no effect: the suites are the platform's safe ones" : "is not supported; the server refuses connections, since it must not take more clients than asked for");
        }

        return new IstioServerSource(
            s.Path,
            $"{at}:{NameOf(s.Text("name")) ?? NameOf(port.Text("name")) ?? number.ToString(CultureInfo.InvariantCulture)}",
            number,
            protocol,
            hosts,
            tls.Flag("httpsRedirect"),
            mesh,
            ends ? credentials : [],
            tls.Text("caCertCredentialName"),
            clients,
            [.. tls.Texts("subjectAltNames")],
            Version(tls, "minProtocolVersion", ListenerTlsVersion.Tls12),
            Version(tls, "maxProtocolVersion", ListenerTlsVersion.Tls13),
            ends ? Problem(tls, credentials) : null);
    }

    private static string? NameOf(string name) => name.Length is > 0 and <= 63 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? name : null;

    private static ListenerProtocol Protocol(JsonView port, JsonView tls, string mode)
    {
        bool opens = mode is not ("" or "PASSTHROUGH" or "AUTO_PASSTHROUGH");
        if (mode is not ("" or "PASSTHROUGH" or "AUTO_PASSTHROUGH" or "SIMPLE" or "MUTUAL" or "OPTIONAL_MUTUAL" or "ISTIO_MUTUAL"))
        {
            throw new FieldException($"{tls.Path}.mode", $"'{RouteFields.Shortened(mode)}' is not one of PASSTHROUGH, SIMPLE, MUTUAL, AUTO_PASSTHROUGH, ISTIO_MUTUAL, OPTIONAL_MUTUAL");
        }

        string protocol = port.Text("protocol").ToUpperInvariant();
        bool needsTls = protocol is "HTTPS" or "TLS";
        return needsTls && !tls.Exists ? throw new FieldException(tls.Path, $"is required for protocol {protocol}") : protocol switch
        {
            "HTTP" or "HTTP2" or "GRPC" or "GRPC-WEB" => ListenerProtocol.Http,
            "HTTPS" or "TLS" when mode == "AUTO_PASSTHROUGH" => ListenerProtocol.AutoPassthrough,
            "HTTPS" or "TLS" when !opens => ListenerProtocol.TlsPassthrough,
            "HTTPS" => ListenerProtocol.Https,
            "TLS" => ListenerProtocol.TlsTerminate,
            "TCP" or "MONGO" or "MYSQL" or "REDIS" => opens ? ListenerProtocol.TlsTerminate : ListenerProtocol.Tcp,
            var other => throw new FieldException($"{port.Path}.protocol", $"'{RouteFields.Shortened(other)}' is not one of HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP, TLS"),
        };
    }

    private static (string Namespace, string Host) Host(JsonView view, string own)
    {
        string text = (view.Text() ?? "").ToLowerInvariant();
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string ns = slash < 0 ? "*" : text[..slash] is "." ? own : text[..slash];
        string host = slash < 0 ? text : text[(slash + 1)..];
        return RouteHosts.IsValid(host) && ns.Length > 0 ? (ns, host) : throw new FieldException(view.Path, $"'{RouteFields.Shortened(text)}' is not a host, or namespace/host");
    }

    private static ListenerTlsVersion Version(JsonView tls, string field, ListenerTlsVersion otherwise) => tls.Text(field) switch
    {
        "" or "TLS_AUTO" => otherwise,
        "TLSV1_0" or "TLSV1_1" or "TLSV1_2" => ListenerTlsVersion.Tls12,
        "TLSV1_3" => ListenerTlsVersion.Tls13,
        var other => throw new FieldException($"{tls.Path}.{field}", $"'{RouteFields.Shortened(other)}' is not one of TLS_AUTO, TLSV1_0, TLSV1_1, TLSV1_2, TLSV1_3"),
    };

    private static string? Problem(JsonView tls, ImmutableArray<string> credentials) =>
        Array.Find(Files, f => tls[f].Exists && tls[f].Node is not System.Text.Json.Nodes.JsonArray { Count: 0 }) is { } file && credentials.IsEmpty
            ? $"{tls.Path}.{file} names a file of a gateway; put it into a Secret and name that as credentialName"
        : credentials.IsEmpty ? $"{tls.Path}.credentialName is missing: it names the Secret with certificate and key"
        : Array.Find(Pins, p => p is not "cipherSuites" && tls[p].Exists) is { } pin ? $"{tls.Path}.{pin} is not supported"
        : null;
}
