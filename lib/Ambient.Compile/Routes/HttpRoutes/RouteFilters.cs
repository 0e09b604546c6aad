using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.HttpRoutes;

/// <summary>Filters of a rule or of a backend. One that is not understood makes the rule answer 500: it is not left out.</summary>
internal sealed class RouteFilters(Func<JsonView, WrittenDestination> destination)
{
    /// <summary>HTTPCORSFilter.maxAge.</summary>
    private const int DefaultMaxAge = 5;

    public HeaderChange RequestHeaders { get; private set; } = HeaderChange.None;

    public HeaderChange ResponseHeaders { get; private set; } = HeaderChange.None;

    public RedirectTo? Redirect { get; private set; }

    public UrlRewrite? Rewrite { get; private set; }

    public List<WrittenMirror> Mirrors { get; } = [];

    public CorsPolicy? Cors { get; private set; }

    public string? Unknown { get; private set; }

    public bool ReplacesPrefix => Rewrite?.Path is { Kind: PathRewriteKind.Prefix } || Redirect?.Path is { Kind: PathRewriteKind.Prefix };

    /// <summary>Filters that Gateway API does not let stand together (RouteReasonIncompatibleFilters).</summary>
    public static bool AreIncompatible(JsonView owner) =>
        owner.List("filters").Select(static f => f.Text("type")).Distinct().Count(static t => t is "URLRewrite" or "RequestRedirect") > 1;

    public void Read(JsonView owner)
    {
        foreach (var f in owner.List("filters"))
        {
            One(f);
        }

        if (AreIncompatible(owner))
        {
            throw new FieldException($"{owner.Path}.filters", "URLRewrite cannot stand together with RequestRedirect");
        }
    }

    /// <summary>Filters of the rule's only backend that are as good as the rule's own: its headers and rewrite stay with it.</summary>
    public void ReadOf(JsonView backend)
    {
        foreach (var f in backend.List("filters").Where(static f => f.Text("type") is not ("RequestHeaderModifier" or "ResponseHeaderModifier" or "URLRewrite")))
        {
            One(f);
        }
    }

    private void One(JsonView f)
    {
        switch (f.Text("type"))
        {
            case "RequestHeaderModifier":
                RequestHeaders = Headers(f["requestHeaderModifier"]);
                break;
            case "ResponseHeaderModifier":
                ResponseHeaders = Headers(f["responseHeaderModifier"]);
                break;
            case "RequestRedirect":
                Redirect = To(f["requestRedirect"]);
                break;
            case "URLRewrite":
                var rewrite = f["urlRewrite"];
                Rewrite = new UrlRewrite(PathOf(rewrite["path"]), rewrite.Text("hostname") is { Length: > 0 } host ? host : null);
                break;
            case "RequestMirror":
                var mirror = f["requestMirror"];
                double percent = mirror.Percent("percent")
                    ?? (mirror["fraction"].Exists ? 100.0 * mirror["fraction"].Whole("numerator", 0, int.MaxValue, 0) / mirror["fraction"].Whole("denominator", 1, int.MaxValue, 100) : 100);
                Mirrors.Add(new WrittenMirror(destination(mirror["backendRef"]), percent));
                break;
            case "CORS":
                Cors = CorsOf(f["cors"]);
                break;
            case "ExtensionRef" or "ExternalAuth":
                Unknown ??= $"the filter {f.Text("type")} is not supported";
                break;
            case var other:
                throw new FieldException($"{f.Path}.type", $"'{RouteFields.Shortened(other)}' is no filter");
        }
    }

    private static HeaderChange Headers(JsonView h) => new()
    {
        Set = [.. h.List("set").Select(Value)],
        Add = [.. h.List("add").Select(Value)],
        Remove = [.. h.List("remove").Select(static r => r.HeaderName())],
    };

    private static HeaderValue Value(JsonView h) =>
        new(RouteFields.HeaderName(h.Text("name"), $"{h.Path}.name"), RouteFields.HeaderText(h.Text("value"), $"{h.Path}.value"));

    private static RedirectTo To(JsonView r) => new()
    {
        Status = r.Whole("statusCode", 301, 308, 302) is var status && status is 301 or 302 or 303 or 307 or 308
            ? status : throw new FieldException($"{r.Path}.statusCode", "is not one of 301, 302, 303, 307, 308"),
        Scheme = r.Text("scheme") is { Length: > 0 } scheme
            ? scheme is "http" or "https" ? scheme : throw new FieldException($"{r.Path}.scheme", $"'{RouteFields.Shortened(scheme)}' is not one of http, https")
            : null,
        Host = r.Text("hostname") is { Length: > 0 } host ? host : null,
        Port = r.Port("port") is > 0 and var port ? port : null,
        PortWhenUnset = RedirectPort.SchemeOrListener,
        Path = PathOf(r["path"]),
    };

    private static PathRewrite? PathOf(JsonView p) => !p.Exists ? null : p.Text("type") switch
    {
        "ReplaceFullPath" => new PathRewrite(PathRewriteKind.Full, p.Text("replaceFullPath")),
        "ReplacePrefixMatch" => new PathRewrite(PathRewriteKind.Prefix, p.Text("replacePrefixMatch")),
        var other => throw new FieldException($"{p.Path}.type", $"'{RouteFields.Shortened(other)}' is not one of ReplaceFullPath, ReplacePrefixMatch"),
    };

    /// <summary>Browsers leave out the port that the scheme has anyway.</summary>
    private static string Origin(string written) =>
        written.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && written.EndsWith(":443", StringComparison.Ordinal) ? written[..^4]
        : written.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && written.EndsWith(":80", StringComparison.Ordinal) ? written[..^3]
        : written;

    private static CorsPolicy CorsOf(JsonView c) => new()
    {
        AllowOrigins = [.. c.Texts("allowOrigins").Select(static o => o == "*" ? TextMatch.Presence
            : o.Contains('*', StringComparison.Ordinal) ? new TextMatch(TextMatchKind.Regex, System.Text.RegularExpressions.Regex.Escape(Origin(o)).Replace("\\*", "[^/:]+", StringComparison.Ordinal))
            : TextMatch.Exact(Origin(o)))],
        AllowMethods = [.. c.Texts("allowMethods")],
        AllowHeaders = [.. c.Texts("allowHeaders")],
        ExposeHeaders = [.. c.Texts("exposeHeaders")],
        MaxAge = TimeSpan.FromSeconds(c.Number("maxAge") is { } seconds ? seconds : DefaultMaxAge),
        AllowCredentials = c.Choice("allowCredentials") ?? false,
    };
}
