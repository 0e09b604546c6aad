using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Ambient.Core.Policies;
using Ambient.Core.Requests;

namespace Ambient.Policy.Requests.Checks;

/// <summary>
/// A value of <c>paths</c>: <c>/a</c>, <c>/a*</c>, <c>*a</c>, <c>*</c>, or a template, in which <c>{*}</c>, or a <c>*</c> between slashes, is one segment
/// that is not empty and <c>{**}</c>, only at the end, is the rest, also none.
/// </summary>
internal sealed class PathPattern
{
    private readonly StringMatch _text;
    private readonly ImmutableArray<string?> _segments;
    private readonly StringMatch _last;
    private readonly bool _rest;

    private PathPattern(StringMatch text)
    {
        _text = text;
    }

    private PathPattern(ImmutableArray<string?> segments, StringMatch last, bool rest)
    {
        _segments = segments;
        _last = last;
        _rest = rest;
    }

    /// <param name="reason">For people; null when it can be used.</param>
    public static bool TryParse(string value, [NotNullWhen(true)] out PathPattern? pattern, [NotNullWhen(false)] out string? reason)
    {
        bool braces = value.Contains("{*}", StringComparison.Ordinal) || value.Contains("{**}", StringComparison.Ordinal);
        reason = null;
        if (!braces && !value.Contains("/*/", StringComparison.Ordinal))
        {
            StringMatch text = StringMatch.Parse(value);
            pattern = new PathPattern(text with { Value = PathLiteral.Of(text.Value) });
            return true;
        }

        pattern = value.StartsWith('/') ? Template(value[1..].Split('/'), braces, out reason) : null;
        reason ??= pattern is null ? "a path template begins with /" : null;
        return pattern is not null;
    }

    public bool Matches(string path)
    {
        if (_segments.IsDefault)
        {
            return _text.Matches(path);
        }

        ReadOnlySpan<char> left = path;
        foreach (string? wanted in _segments)
        {
            if (!left.StartsWith("/"))
            {
                return false;
            }

            left = left[1..];
            int slash = left.IndexOf('/');
            ReadOnlySpan<char> segment = slash < 0 ? left : left[..slash];
            if (wanted is null ? segment.IsEmpty : !segment.SequenceEqual(wanted))
            {
                return false;
            }

            left = left[segment.Length..];
        }

        return left.StartsWith("/") && (_rest || Last(left[1..]));
    }

    // A prefix goes on over slashes, as in a value without template; what else ends a path is one segment.
    private bool Last(ReadOnlySpan<char> text) =>
        _last.Matches(text) && (_last.Kind == StringMatchKind.Prefix || !text.Contains('/'));

    private static PathPattern? Template(string[] parts, bool braces, out string? reason)
    {
        ImmutableArray<string?>.Builder segments = ImmutableArray.CreateBuilder<string?>();
        foreach (string part in parts[..^1])
        {
            if (!IsOne(part, braces) && part.AsSpan().ContainsAny("{}*"))
            {
                reason = part == "{**}" ? "{**} stands only at the end" : $"'{part}': in a template a segment is text or {{*}}";
                return null;
            }

            segments.Add(IsOne(part, braces) ? null : PathLiteral.Of(part));
        }

        string end = parts[^1];
        StringMatch last = end == "{*}" ? StringMatch.Presence
            : !braces && end.EndsWith('*') ? new(StringMatchKind.Prefix, PathLiteral.Of(end[..^1]))
            : new(StringMatchKind.Exact, PathLiteral.Of(end));
        bool bad = end is not ("{*}" or "{**}") && (braces ? end : end.TrimEnd('*')).AsSpan().ContainsAny("{}*");
        reason = bad ? $"'{end}': in a template the last segment is text, {{*}} or {{**}}" : null;
        return bad ? null : new PathPattern(segments.ToImmutable(), last, end == "{**}");
    }

    private static bool IsOne(string part, bool braces) => part == (braces ? "{*}" : "*") || (braces && part == "*");
}
