using System.Collections.Immutable;

namespace Ambient.Hbone.Connect;

/// <summary>What a CONNECT carries besides its bytes (HBONE: one request is one connection of an application).</summary>
public sealed record ConnectRequest
{
    /// <summary><c>ip:port</c>, <c>[ipv6]:port</c> or <c>hostname:port</c>; at most 300 characters.</summary>
    public required string Authority { get; init; }

    /// <summary>The <c>baggage</c> header lines joined by commas: labels of the source, never a reason to trust it.</summary>
    public string? Baggage { get; init; }

    /// <summary>The <c>forwarded</c> header (RFC 7239).</summary>
    public string? Forwarded { get; init; }

    /// <summary>The <c>traceparent</c> header (W3C Trace Context).</summary>
    public string? TraceParent { get; init; }

    /// <summary>Any other headers, names in lower case, in the order in which they came.</summary>
    public ImmutableArray<KeyValuePair<string, string>> ExtraHeaders { get; init; } = [];

    /// <summary>The value of the first extra header of this name, or null.</summary>
    public string? Header(string name)
    {
        foreach (KeyValuePair<string, string> header in ExtraHeaders)
        {
            if (header.Key == name)
            {
                return header.Value;
            }
        }

        return null;
    }
}
