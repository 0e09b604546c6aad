using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Core.Requests;
using Ambient.Core.Routes;
using Ambient.Policy.Tokens;
using Ambient.Routing.Rewriting;

namespace Ambient.Cli.Explaining.Requests;

/// <summary>What the changes of tokens, of a backend and of its rule come to, in the order in which <see cref="HeaderChanges"/> makes them.</summary>
internal sealed class NetHeaders : IHeaderEditor
{
    private readonly SortedDictionary<string, string> _set = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _added = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _removed = new(StringComparer.Ordinal);

    /// <summary>The authority that the changes of a request set; null: they leave it.</summary>
    public string? Authority { get; private set; }

    public static NetHeaders OfTokens(ImmutableArray<TokenResult> tokens, IRequestHeaders headers)
    {
        NetHeaders net = new();
        foreach (TokenResult token in tokens)
        {
            foreach (string name in token.RemoveHeaders)
            {
                net.Remove(name);
            }

            foreach (HeaderValue header in token.SetHeaders)
            {
                net.Replace(header.Name, header.Value);
            }

            if (!token.RemoveCookies.IsEmpty && headers.ValueOf("cookie") is { } cookies)
            {
                if (token.CookiesWithout(cookies) is { Length: > 0 } others)
                {
                    net.Replace("cookie", others);
                }
                else
                {
                    net.Remove("cookie");
                }
            }
        }

        return net;
    }

    public static NetHeaders OfRequest(Asked asked, HttpRule rule, WeightedBackend? backend)
    {
        NetHeaders net = OfTokens(asked.Tokens, asked.Facts.Headers);
        HeaderChanges.ApplyToRequest(rule, backend, net);
        foreach (string name in new[] { "host", ":authority" })
        {
            net.Authority = net._set.Remove(name, out string? value) ? value : net.Authority;
        }

        return net;
    }

    public static NetHeaders OfResponse(HttpRule rule, WeightedBackend? backend)
    {
        NetHeaders net = new();
        HeaderChanges.ApplyToResponse(rule, backend, net);
        return net;
    }

    public void Remove(string name)
    {
        _set.Remove(name);
        _added.Remove(name);
        _removed.Add(name);
    }

    public void Replace(string name, string value)
    {
        _removed.Remove(name);
        _added.Remove(name);
        _set[name] = value;
    }

    public void Append(string name, string value)
    {
        if (!_added.TryGetValue(name, out List<string>? values))
        {
            _added[name] = values = [];
        }

        values.Add(value);
    }

    /// <summary>What becomes of a request's headers.</summary>
    public ImmutableArray<KeyValuePair<string, string>> On(ImmutableArray<KeyValuePair<string, string>> headers) =>
    [
        .. headers.Where(h => !_removed.Contains(h.Key.ToLowerInvariant()) && !_set.ContainsKey(h.Key.ToLowerInvariant())),
        .. _set,
        .. _added.SelectMany(h => h.Value.Select(v => KeyValuePair.Create(h.Key, v))),
    ];

    /// <summary><c>{"set":{…},"add":{…},"remove":[…]}</c>; a name that is added more than once has a list.</summary>
    public JsonObject Json() => new()
    {
        ["set"] = new JsonObject(_set.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)JsonValue.Create(h.Value)))),
        ["add"] = new JsonObject(_added.Select(h => KeyValuePair.Create(h.Key, h.Value is [var one] ? JsonValue.Create(one) : (JsonNode?)RuleJson.List(h.Value)))),
        ["remove"] = RuleJson.List(_removed),
    };
}
