using System.Collections.Frozen;
using System.Collections.Immutable;
using Ambient.Core.Policies.Requests;
using Ambient.Core.Requests;
using Ambient.Policy.Requests.Checks;

namespace Ambient.Policy.Requests;

/// <summary>
/// Policies of one action in their order, found by what their rules ask for: those all of whose operations begin with a literal path segment by that
/// segment, else those all of whose operations name methods by the method, else in order. Only leaves out what cannot match; the policies
/// themselves still decide.
/// </summary>
internal sealed class PolicyLookup
{
    private static readonly ImmutableArray<int> s_none = [];

    private readonly ImmutableArray<CompiledRequestPolicy> _all;
    private readonly ImmutableArray<int> _always;
    private readonly FrozenDictionary<string, ImmutableArray<int>> _byMethod;
    private readonly FrozenDictionary<string, ImmutableArray<int>> _bySegment;
    private readonly FrozenDictionary<string, ImmutableArray<int>>.AlternateLookup<ReadOnlySpan<char>> _bySegmentOf;

    public PolicyLookup(ImmutableArray<CompiledRequestPolicy> policies)
    {
        _all = policies;
        Dictionary<string, List<int>> byMethod = new(StringComparer.Ordinal), bySegment = new(StringComparer.Ordinal);
        List<int> always = [];
        for (int i = 0; i < policies.Length; i++)
        {
            if (KeysOf(policies[i].Policy, SegmentsOf) is { } segments)
            {
                Add(bySegment, segments, i);
            }
            else if (KeysOf(policies[i].Policy, MethodsOf) is { } methods)
            {
                Add(byMethod, methods, i);
            }
            else
            {
                always.Add(i);
            }
        }

        _always = [.. always];
        _byMethod = Frozen(byMethod);
        _bySegment = Frozen(bySegment);
        _bySegmentOf = _bySegment.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public bool IsEmpty => _all.IsEmpty;

    /// <summary>The first policy that matches, and how; null: none does.</summary>
    public CompiledRequestPolicy? First(RequestSubject subject, out RequestPolicyMatch match)
    {
        match = RequestPolicyMatch.None;
        if (subject.Request.IsStream || subject.Request.Path is not { } path)
        {
            return At(FirstOf(null, subject, _all.Length, ref match));
        }

        int found = FirstOf(_always, subject, _all.Length, ref match);
        found = FirstOf(_byMethod.GetValueOrDefault(subject.Request.Method, s_none), subject, found, ref match);
        if (_bySegment.Count > 0)
        {
            found = FirstOf(At(path), subject, found, ref match);
            if (subject.OtherPath is { } other)
            {
                found = FirstOf(At(other), subject, found, ref match);
            }
        }

        return At(found);
    }

    // Only what stands before the one that was found already; null: all.
    private int FirstOf(ImmutableArray<int>? among, RequestSubject subject, int before, ref RequestPolicyMatch match)
    {
        int count = among?.Length ?? _all.Length;
        for (int i = 0; i < count; i++)
        {
            int at = among is { } some ? some[i] : i;
            if (at >= before)
            {
                break;
            }

            RequestPolicyMatch here = _all[at].First(subject);
            if (here.Any)
            {
                match = here;
                return at;
            }
        }

        return before;
    }

    private CompiledRequestPolicy? At(int index) => index < _all.Length ? _all[index] : null;

    private ImmutableArray<int> At(string path) => _bySegmentOf.TryGetValue(Segment(path), out ImmutableArray<int> found) ? found : s_none;

    private static ReadOnlySpan<char> Segment(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> rest = path.StartsWith('/') ? path[1..] : path;
        int slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }

    private static void Add(Dictionary<string, List<int>> to, HashSet<string> keys, int index)
    {
        foreach (string key in keys)
        {
            if (!to.TryGetValue(key, out List<int>? there))
            {
                to[key] = there = [];
            }

            there.Add(index);
        }
    }

    private static FrozenDictionary<string, ImmutableArray<int>> Frozen(Dictionary<string, List<int>> from) =>
        from.ToFrozenDictionary(p => p.Key, p => p.Value.ToImmutableArray(), StringComparer.Ordinal);

    /// <summary>Null when some rule can match without any of the keys.</summary>
    private static HashSet<string>? KeysOf(RequestPolicy policy, Func<RequestOperation, IEnumerable<string>?> keysOf)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (RequestRule rule in policy.Rules)
        {
            if (rule.To.IsEmpty)
            {
                return null;
            }

            foreach (RequestOperation operation in rule.To)
            {
                if (keysOf(operation) is not { } some)
                {
                    return null;
                }

                keys.UnionWith(some);
            }
        }

        return keys;
    }

    private static IEnumerable<string>? MethodsOf(RequestOperation operation) =>
        operation.Methods.IsEmpty || operation.Methods.Any(static m => m.Contains('*')) ? null : operation.Methods;

    private static IEnumerable<string>? SegmentsOf(RequestOperation operation)
    {
        List<string> segments = [];
        foreach (string value in operation.Paths)
        {
            // What cannot be understood is for the policy to answer.
            string segment = Segment(value).ToString();
            bool whole = value.Length > 1 && value[0] == '/' && (value.IndexOf('/', 1) > 0 || !value.AsSpan().ContainsAny("*{}"));
            if (!whole || segment.AsSpan().ContainsAny("*{}") || !PathPattern.TryParse(value, out _, out _))
            {
                return null;
            }

            segments.Add(PathLiteral.Of(segment));
        }

        return segments.Count == 0 ? null : segments;
    }
}
