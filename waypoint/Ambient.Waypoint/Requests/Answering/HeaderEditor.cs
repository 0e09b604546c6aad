using Ambient.Core.Routes;
using Ambient.Routing.Rewriting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ambient.Waypoint.Requests.Answering;

/// <summary>Changes of routes on the headers of a message. What the message's framing rests on stays as it is.</summary>
internal sealed class HeaderEditor(IHeaderDictionary headers, Action<string>? authority = null) : IHeaderEditor
{
    private readonly IHeaderDictionary _headers = headers;

    public void Remove(string name)
    {
        if (!IsFraming(name))
        {
            _headers.Remove(name);
        }
    }

    public void Replace(string name, string value)
    {
        if (authority is not null && name is "host" or ":authority")
        {
            authority?.Invoke(value);
        }
        else if (!IsFraming(name) && IsValue(value))
        {
            _headers[name] = value;
        }
    }

    public void Append(string name, string value)
    {
        if (!IsFraming(name) && name.Length > 0 && name[0] != ':' && IsValue(value))
        {
            _headers[name] = StringValues.Concat(_headers[name], value);
        }
    }

    public static void Apply(HeaderChange change, IHeaderDictionary headers)
    {
        if (change.IsEmpty)
        {
            return;
        }

        HeaderEditor editor = new(headers);
        foreach (string name in change.Remove)
        {
            editor.Remove(name);
        }

        foreach (HeaderValue header in change.Set)
        {
            editor.Replace(header.Name, header.Value);
        }

        foreach (HeaderValue header in change.Add)
        {
            editor.Append(header.Name, header.Value);
        }
    }

    private static bool IsFraming(string name) => name is "host" or "content-length" or "transfer-encoding" or "connection" or "upgrade" or "te" || name.StartsWith(':');

    private static bool IsValue(string value) => !value.AsSpan().ContainsAny("\r\n\0");
}
