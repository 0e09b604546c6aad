using System.Collections.Immutable;
using Ambient.Hbone.Http2.Hpack;

namespace Ambient.Hbone.Connect;

/// <summary>A CONNECT as a header list (RFC 9113 §8.5: <c>:method</c> and <c>:authority</c> and no other pseudo header).</summary>
internal static class RequestHeaders
{
    private const int MaxOwn = 8 * 1024;

    /// <summary>The request when the verdict is Ok, otherwise null.</summary>
    public static RequestVerdict Read(HeaderList list, out ConnectRequest? request)
    {
        request = null;
        RequestFields fields = default;
        foreach (HpackField field in list.Fields)
        {
            if (!fields.Take(field))
            {
                return RequestVerdict.Malformed;
            }
        }

        if (list.Exceeded)
        {
            return RequestVerdict.TooLarge;
        }

        if (fields.Method != "CONNECT")
        {
            // Any other request needs a scheme and a path (§8.3.1).
            return fields.Method is null || fields.Scheme is null || string.IsNullOrEmpty(fields.Path)
                ? RequestVerdict.Malformed
                : RequestVerdict.NotForUs;
        }

        if (fields.Scheme is not null || fields.Path is not null || fields.Authority is null)
        {
            return RequestVerdict.Malformed;
        }

        if (!HeaderSyntax.IsAuthority(fields.Authority))
        {
            return RequestVerdict.NotForUs;
        }

        request = fields.ToRequest();
        return RequestVerdict.Ok;
    }

    /// <summary>Throws ArgumentException for what may not be sent. Returns the bytes written.</summary>
    public static int Write(ConnectRequest request, Span<byte> destination)
    {
        int written = HpackEncoder.Write(destination, StaticTable.Method, "CONNECT");
        written += HpackEncoder.Write(destination[written..], StaticTable.Authority, request.Authority);
        foreach ((string name, string value) in Lines(request))
        {
            written += HpackEncoder.Write(destination[written..], name, value);
        }

        return written;
    }

    /// <summary>An upper bound for <see cref="Write"/>, after checking all names and values.</summary>
    public static int MaxLength(ConnectRequest request)
    {
        if (!HeaderSyntax.IsAuthority(request.Authority))
        {
            throw new ArgumentException($"'{request.Authority}' is not an authority of the form host:port", nameof(request));
        }

        int length = 32 + request.Authority.Length;
        foreach ((string name, string value) in Lines(request))
        {
            if (!HeaderSyntax.IsName(name) || !HeaderSyntax.IsValue(value))
            {
                throw new ArgumentException($"the header '{name}' cannot be sent", nameof(request));
            }

            length += HpackEncoder.MaxLength(name, value);
        }

        return length <= MaxOwn ? length : throw new ArgumentException("the headers are longer than 8 KiB", nameof(request));
    }

    private static IEnumerable<(string Name, string Value)> Lines(ConnectRequest request)
    {
        if (request.Baggage is { } baggage)
        {
            yield return ("baggage", baggage);
        }

        if (request.Forwarded is { } forwarded)
        {
            yield return ("forwarded", forwarded);
        }

        if (request.TraceParent is { } traceParent)
        {
            yield return ("traceparent", traceParent);
        }

        foreach (KeyValuePair<string, string> header in request.ExtraHeaders)
        {
            yield return (header.Key, header.Value);
        }
    }

    private struct RequestFields
    {
        private ImmutableArray<KeyValuePair<string, string>>.Builder? _extra;
        private string? _baggage;
        private string? _forwarded;
        private string? _traceParent;
        private bool _regular;

        public string? Method { get; private set; }

        public string? Authority { get; private set; }

        public string? Scheme { get; private set; }

        public string? Path { get; private set; }

        // False when the field makes the request malformed.
        public bool Take(HpackField field)
        {
            if (!HeaderSyntax.IsValue(field.Value))
            {
                return false;
            }

            if (field.Name.StartsWith(':'))
            {
                return !_regular && TakePseudo(field);
            }

            _regular = true;
            if (!HeaderSyntax.IsName(field.Name) || HeaderSyntax.IsConnectionSpecific(field.Name, field.Value))
            {
                return false;
            }

            TakeRegular(field);
            return true;
        }

        public readonly ConnectRequest ToRequest() => new()
        {
            Authority = Authority!,
            Baggage = _baggage,
            Forwarded = _forwarded,
            TraceParent = _traceParent,
            ExtraHeaders = _extra?.DrainToImmutable() ?? [],
        };

        private bool TakePseudo(HpackField field)
        {
            switch (field.Name)
            {
                case ":method" when Method is null:
                    Method = field.Value;
                    return true;
                case ":authority" when Authority is null:
                    Authority = field.Value;
                    return true;
                case ":scheme" when Scheme is null:
                    Scheme = field.Value;
                    return true;
                case ":path" when Path is null:
                    Path = field.Value;
                    return true;
                default:
                    return false;
            }
        }

        private void TakeRegular(HpackField field)
        {
            switch (field.Name)
            {
                case "baggage":
                    _baggage = _baggage is null ? field.Value : _baggage + "," + field.Value;
                    break;
                case "forwarded" when _forwarded is null:
                    _forwarded = field.Value;
                    break;
                case "traceparent" when _traceParent is null:
                    _traceParent = field.Value;
                    break;
                default:
                    (_extra ??= ImmutableArray.CreateBuilder<KeyValuePair<string, string>>()).Add(new(field.Name, field.Value));
                    break;
            }
        }
    }
}
