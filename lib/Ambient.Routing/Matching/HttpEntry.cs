using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Matching;

/// <summary>One match of one rule, ready to compare.</summary>
internal sealed class HttpEntry
{
    private static readonly HttpRule Nowhere = new()
    {
        Origin = new RouteOrigin("", "", "", -1),
        Action = new RouteAction.Fail(500, "no route"),
    };

    private readonly HttpMatch _match;
    private readonly ImmutableArray<CompiledPath> _alsoPaths;
    private readonly ImmutableArray<CompiledPath> _withoutPaths;
    private readonly CompiledText? _method;
    private readonly CompiledText? _scheme;
    private readonly CompiledText? _authority;
    private readonly ImmutableArray<CompiledNamed> _headers;
    private readonly ImmutableArray<CompiledNamed> _withoutHeaders;
    private readonly ImmutableArray<CompiledNamed> _query;

    private HttpEntry(HttpRule rule, HttpMatch match, int ruleIndex)
    {
        _match = match;
        Path = match.Path is null ? null : new CompiledPath(match.Path);
        _alsoPaths = [.. match.AlsoPaths.Select(p => new CompiledPath(p))];
        _withoutPaths = [.. match.WithoutPaths.Select(p => new CompiledPath(p))];
        _method = CompiledText.OfOptional(match.Method);
        _scheme = CompiledText.OfOptional(match.Scheme);
        _authority = CompiledText.OfOptional(match.Authority);
        _headers = [.. match.Headers.Select(h => new CompiledNamed("header", h))];
        _withoutHeaders = [.. match.WithoutHeaders.Select(h => new CompiledNamed("unwanted header", h))];
        _query = [.. match.QueryParameters.Select(q => new CompiledNamed("query parameter", q))];
        Matched = new MatchedRule(Broken is { } why ? rule with { Action = new RouteAction.Fail(500, why) } : rule, match, ruleIndex);
    }

    public MatchedRule Matched { get; }

    public CompiledPath? Path { get; }

    // The compiler refuses such a rule. Should one come another way, what it would have taken is not handed to the rules after it.
    private string? Broken => Path?.Broken ?? _method?.Broken ?? _scheme?.Broken ?? _authority?.Broken
        ?? _alsoPaths.Concat(_withoutPaths).Select(p => p.Broken).FirstOrDefault(b => b is not null)
        ?? _headers.Concat(_withoutHeaders).Concat(_query).Select(n => n.Value.Broken).FirstOrDefault(b => b is not null);

    /// <summary>A match that belongs to no route (rate limits).</summary>
    public static HttpEntry Of(HttpMatch match) => new(Nowhere, match, -1);

    public static ImmutableArray<HttpEntry> InOrder(RouteTable table) =>
        [.. table.Http
            .SelectMany((rule, i) => (rule.Matches.IsEmpty ? [new HttpMatch()] : rule.Matches).Select(m => new HttpEntry(rule, m, i)))
            .OrderBy(e => e._match.Ordinal)]; // stable: equals stay in written order

    /// <summary>What keeps the match from taking the request; null: it takes it.</summary>
    public string? Against(RequestFacts facts) =>
        Path is not null && !Path.Matches(facts.Path) ? "path" : AgainstBesidePath(facts);

    public string? AgainstBesidePath(RequestFacts facts) =>
        _method is not null && !_method.Matches(facts.Method) ? "method"
        : _match.WithoutMethods.Length > 0 && _match.WithoutMethods.Contains(facts.Method, StringComparer.Ordinal) ? "method"
        : !FitsAll(facts.Path) ? "path"
        : _scheme is not null && !_scheme.Matches(facts.Scheme) ? "scheme"
        : _authority is not null && !_authority.Matches(facts.Authority) ? "authority"
        : _match.Port != 0 && _match.Port != facts.Port ? "port"
        : _match.SourceNamespace is { } ns && !string.Equals(ns, facts.SourceNamespace, StringComparison.Ordinal) ? "source namespace"
        : !SourceLabels.Fit(_match.SourceLabels, facts.SourceLabels) ? "source labels"
        : AgainstHeaders(facts) ?? AgainstQuery(facts);

    private bool FitsAll(string path)
    {
        foreach (CompiledPath also in _alsoPaths)
        {
            if (!also.Matches(path))
            {
                return false;
            }
        }

        foreach (CompiledPath unwanted in _withoutPaths)
        {
            if (unwanted.Matches(path))
            {
                return false;
            }
        }

        return true;
    }

    private string? AgainstHeaders(RequestFacts facts)
    {
        foreach (CompiledNamed header in _headers)
        {
            if (!header.Value.Matches(facts.Headers.ValueOf(header.Name)))
            {
                return header.Words;
            }
        }

        foreach (CompiledNamed header in _withoutHeaders)
        {
            if (header.Value.Matches(facts.Headers.ValueOf(header.Name)))
            {
                return header.Words;
            }
        }

        return null;
    }

    private string? AgainstQuery(RequestFacts facts)
    {
        foreach (CompiledNamed parameter in _query)
        {
            if (!parameter.Value.Matches(QueryParameters.First(facts.Query, parameter.Name)))
            {
                return parameter.Words;
            }
        }

        return null;
    }
}
