using System.Collections.Immutable;
using System.Globalization;
using Ambient.Core.Addresses;

namespace Ambient.Policy.Requests.Checks;

/// <summary>Makes checks of lists of values; an empty list is an absent field and makes none.</summary>
internal sealed class CheckMaker(string policyNamespace, bool denies)
{
    private readonly List<RequestCheck> _made = [];

    public bool Denies { get; } = denies;

    public string PolicyNamespace { get; } = policyNamespace;

    public ImmutableArray<RequestCheck> Take()
    {
        ImmutableArray<RequestCheck> made = [.. _made];
        _made.Clear();
        return made;
    }

    /// <summary>Two fields: the one and its negation, <c>principals</c> and <c>notPrincipals</c>.</summary>
    /// <param name="requestOnly">Connections do not have it.</param>
    public void Pair(string place, string name, ImmutableArray<string> values, ImmutableArray<string> notValues, Func<string, ImmutableArray<string>, RequestCheck> make, bool requestOnly = false)
    {
        string negated = $"not{char.ToUpperInvariant(name[0])}{name[1..]}";
        Add(values, $"{place}.{name}", make, negate: false, requestOnly);
        Add(notValues, $"{place}.{negated}", make, negate: true, requestOnly);
    }

    public void Broken(string field, string reason) => _made.Add(new BrokenCheck(field, reason, Denies));

    public RequestCheck Addresses(string field, ImmutableArray<string> values, Func<RequestSubject, AddressBits> attribute)
    {
        ImmutableArray<Cidr>.Builder ranges = ImmutableArray.CreateBuilder<Cidr>();
        foreach (string value in values)
        {
            if (!AddressCheck.TryParse(value, out Cidr? range))
            {
                return new BrokenCheck(field, $"'{value}' is neither an address nor a CIDR", Denies);
            }

            ranges.Add(range.Value);
        }

        return new AddressCheck(field, ranges.ToImmutable(), attribute);
    }

    public RequestCheck Ports(string field, ImmutableArray<string> values)
    {
        ImmutableArray<int>.Builder ports = ImmutableArray.CreateBuilder<int>();
        foreach (string value in values)
        {
            if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            {
                return new BrokenCheck(field, $"'{value}' is not a port", Denies);
            }

            ports.Add(port);
        }

        return new PortCheck(field, ports.ToImmutable());
    }

    public RequestCheck Paths(string field, ImmutableArray<string> values)
    {
        ImmutableArray<PathPattern>.Builder patterns = ImmutableArray.CreateBuilder<PathPattern>();
        foreach (string value in values)
        {
            if (!PathPattern.TryParse(value, out PathPattern? pattern, out string? reason))
            {
                return new BrokenCheck(field, reason, Denies);
            }

            patterns.Add(pattern);
        }

        return new PathCheck(field, patterns.ToImmutable());
    }

    private void Add(ImmutableArray<string> values, string field, Func<string, ImmutableArray<string>, RequestCheck> make, bool negate, bool requestOnly)
    {
        if (!values.IsEmpty)
        {
            RequestCheck made = make(field, values);
            RequestCheck check = negate && made.Broken is null ? new NotCheck(made) : made;
            _made.Add(requestOnly ? new RequestOnlyCheck(check, Denies) : check);
        }
    }
}
