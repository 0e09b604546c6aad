using System.Collections.Immutable;
using System.Text;
using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

/// <summary>What a rule does instead of forwarding, and how it changes what it forwards.</summary>
internal static class ActionReader
{
    public const int MaxBody = 1_048_576;

    public static RouteAction.Redirect Redirect(JsonView r)
    {
        if (r["uri"].Exists && r["prefixRewrite"].Exists)
        {
            throw new FieldException(r.Path, "can have only one of uri and prefixRewrite");
        }

        int status = r.Whole("redirectCode", 0, 999, 0) is var code && code == 0 ? 301 : code;
        if (status is not (301 or 302 or 303 or 307 or 308))
        {
            throw new FieldException($"{r.Path}.redirectCode", $"{status} is not one of 301, 302, 303, 307, 308");
        }

        string authority = r.Text("authority");
        int colon = authority.LastIndexOf(':');
        bool hasPort = colon > 0 && !authority.EndsWith(']') && int.TryParse(authority.AsSpan(colon + 1), out _);
        int port = r.Port("port");
        return new RouteAction.Redirect(new RedirectTo
        {
            Status = status,
            Scheme = r.Text("scheme") is { Length: > 0 } scheme ? scheme.ToLowerInvariant() : null,
            Host = authority.Length == 0 ? null : hasPort ? authority[..colon] : authority,
            Port = port > 0 ? port : hasPort ? int.Parse(authority.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture) : null,
            PortWhenUnset = r.Text("derivePort") switch
            {
                "" => RedirectPort.KeptWithHost,
                "FROM_PROTOCOL_DEFAULT" => RedirectPort.SchemeDefault,
                "FROM_REQUEST_PORT" => RedirectPort.Request,
                var other => throw new FieldException($"{r.Path}.derivePort", $"'{RouteFields.Shortened(other)}' is not one of FROM_PROTOCOL_DEFAULT, FROM_REQUEST_PORT"),
            },
            Path = r.Text("uri") is { Length: > 0 } uri ? new PathRewrite(PathRewriteKind.Full, uri)
                : r.Text("prefixRewrite") is { Length: > 0 } prefix ? new PathRewrite(PathRewriteKind.Prefix, prefix)
                : null,
        });
    }

    public static RouteAction.Respond Respond(JsonView r)
    {
        var body = r["body"];
        if (body["string"].Exists && body["bytes"].Exists)
        {
            throw new FieldException(body.Path, "can have only one of string and bytes");
        }

        ImmutableArray<byte> bytes = body["bytes"].Exists ? Base64(body["bytes"]) : [.. Encoding.UTF8.GetBytes(body.Text("string"))];
        return bytes.Length > MaxBody
            ? throw new FieldException(body.Path, $"has {bytes.Length} bytes, at most {MaxBody} are allowed")
            : new RouteAction.Respond(
                r["status"].Exists ? r.Whole("status", 200, 599, 0) : throw new FieldException($"{r.Path}.status", "is required"), bytes);
    }

    public static UrlRewrite? Rewrite(JsonView r)
    {
        if (!r.Exists)
        {
            return null;
        }

        var regex = r["uriRegexRewrite"];
        if (r["uri"].Exists && regex.Exists)
        {
            throw new FieldException(r.Path, "can have only one of uri and uriRegexRewrite");
        }

        return new UrlRewrite(
            regex.Exists ? new PathRewrite(PathRewriteKind.Regex, regex.Text("rewrite"), RegexCheck.Checked(regex.Text("match"), $"{regex.Path}.match"))
                : r.Text("uri") is { Length: > 0 } uri ? new PathRewrite(PathRewriteKind.Prefix, uri)
                : null,
            r.Text("authority") is { Length: > 0 } authority ? RouteFields.HeaderText(authority, $"{r.Path}.authority") : null);
    }

    private static ImmutableArray<byte> Base64(JsonView view)
    {
        string text = view.Text() ?? "";
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text, buffer, out int written) ? [.. buffer.AsSpan(0, written)] : throw new FieldException(view.Path, "is not base64");
    }
}
