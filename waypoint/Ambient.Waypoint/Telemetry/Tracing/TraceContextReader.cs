using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>
/// Reads trace contexts: W3C Trace Context (level 1, <c>traceparent</c>), then B3 in one header, then B3 in several. What is not exactly as it
/// should be is as if it were not there.
/// </summary>
internal static class TraceContextReader
{
    internal const string Parent = "traceparent", State = "tracestate", B3 = "b3";
    internal const string TraceIdName = "x-b3-traceid", SpanIdName = "x-b3-spanid", ParentSpanIdName = "x-b3-parentspanid", SampledName = "x-b3-sampled", FlagsName = "x-b3-flags";

    private const int ParentLength = 55;

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    internal static TraceContext? Read(IHeaderDictionary headers) =>
        headers.TryGetValue(Parent, out StringValues parent) && OfParent(parent, headers) is { } w3c ? w3c
        : headers.TryGetValue(B3, out StringValues single) && OfSingle(single) is { } b3 ? b3
        : headers.TryGetValue(TraceIdName, out StringValues id) ? OfMulti(id, headers)
        : null;

    // 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, and longer for versions to come.
    private static TraceContext? OfParent(StringValues header, IHeaderDictionary headers)
    {
        if (header is not [{ Length: >= ParentLength } text] || text[2] != '-' || text[35] != '-' || text[52] != '-'
            || !IsHex(text.AsSpan(0, 2)) || text.AsSpan(0, 2) is "ff" || !IsHex(text.AsSpan(53, 2))
            || (text.Length > ParentLength && (text.AsSpan(0, 2) is "00" || text[ParentLength] != '-')))
        {
            return null;
        }

        bool sampled = (Digit(text[54]) & 1) != 0;
        string? state = headers.TryGetValue(State, out StringValues found) ? string.Join(',', found.ToArray()) : null;
        return Make(text.AsSpan(3, 32), text.AsSpan(36, 16), sampled, TraceFormat.W3C, state);
    }

    // {TraceId}-{SpanId}[-{SamplingState}[-{ParentSpanId}]]
    private static TraceContext? OfSingle(StringValues header)
    {
        if (header is not [{ } text])
        {
            return null;
        }

        Span<Range> parts = stackalloc Range[5];
        int count = text.AsSpan().Split(parts, '-');
        if (count is < 2 or > 4 || (count == 4 && !IsId(text.AsSpan()[parts[3]], 16)))
        {
            return null;
        }

        return (count > 2 ? text.AsSpan()[parts[2]] : "") switch
        {
            "" when count == 2 => Make(text.AsSpan()[parts[0]], text.AsSpan()[parts[1]], null, TraceFormat.B3),
            "1" or "d" => Make(text.AsSpan()[parts[0]], text.AsSpan()[parts[1]], true, TraceFormat.B3),
            "0" => Make(text.AsSpan()[parts[0]], text.AsSpan()[parts[1]], false, TraceFormat.B3),
            _ => null,
        };
    }

    private static TraceContext? OfMulti(StringValues id, IHeaderDictionary headers)
    {
        if (id is not [{ } trace] || !headers.TryGetValue(SpanIdName, out StringValues spans) || spans is not [{ } span])
        {
            return null;
        }

        bool debug = headers.TryGetValue(FlagsName, out StringValues flags) && flags == "1";
        string said = headers.TryGetValue(SampledName, out StringValues sampled) && sampled is [{ } one] ? one : "";
        return Make(trace, span, debug || said is "1" or "true" or "True" ? true : said is "0" or "false" or "False" ? false : null, TraceFormat.B3Multi);
    }

    /// <param name="traceId">32 digits, or 16 in B3, which stand for the lower half.</param>
    private static TraceContext? Make(ReadOnlySpan<char> traceId, ReadOnlySpan<char> spanId, bool? sampled, TraceFormat format, string? state = null)
    {
        bool isShort = format != TraceFormat.W3C && traceId.Length == 16;
        if (!IsId(traceId, isShort ? 16 : 32) || !IsId(spanId, 16))
        {
            return null;
        }

        Span<char> whole = stackalloc char[32];
        whole[..16].Fill('0');
        traceId.CopyTo(whole[(32 - traceId.Length)..]);
        return new TraceContext(ActivityTraceId.CreateFromString(whole), ActivitySpanId.CreateFromString(spanId), sampled, format, state);
    }

    private static bool IsId(ReadOnlySpan<char> text, int length) => text.Length == length && IsHex(text) && text.ContainsAnyExcept('0');

    // Lower case alone, as both specifications write it.
    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_hex);

    private static int Digit(char c) => c <= '9' ? c - '0' : c - 'a' + 10;
}
