using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Ambient.Core;
using Ambient.Core.Policies;

namespace Ambient.Policy.Tests;

/// <summary>
/// Policies on one line, so that tables stay readable: <c>ALLOW field=a,b field=c | field=d ; field=e</c>: fields of one match are
/// separated by spaces, matches by <c>|</c>, clauses by <c>&amp;</c>, rules by <c>;</c>; <c>{}</c> is a rule without clauses; nothing is no rules.
/// </summary>
internal static class PolicyText
{
    public static AuthorizationPolicy Parse(string text, string key = "shop/p", PolicyScope scope = PolicyScope.Namespace)
    {
        string[] parts = text.Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        Assert.True(NamespacedName.TryParse(key, out NamespacedName name));
        return new AuthorizationPolicy
        {
            Name = name,
            Scope = scope,
            DryRun = parts[0].EndsWith('?'),
            Action = parts[0].TrimEnd('?') == "DENY" ? PolicyAction.Deny : PolicyAction.Allow,
            Rules = parts.Length == 1 ? [] : [.. parts[1].Split(';', StringSplitOptions.TrimEntries).Select(Rule)],
            Origin = new PolicyOrigin("AuthorizationPolicy", name.Namespace, name.Name),
        };
    }

    private static PolicyRule Rule(string text) => new(
        text == "{}" ? [] : [.. text.Split('&', StringSplitOptions.TrimEntries).Select(c =>
            new PolicyClause([.. c.Split('|', StringSplitOptions.TrimEntries).Select(Match)]))]);

    private static PolicyMatch Match(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(
        new PolicyMatch(), static (match, field) =>
        {
            string[] parts = field.Split('=');
            string[] values = parts[1].Split(',');
            return parts[0] switch
            {
                "ns" => match with { Namespaces = Strings(values) },
                "!ns" => match with { NotNamespaces = Strings(values) },
                "principal" => match with { Principals = Strings(values) },
                "!principal" => match with { NotPrincipals = Strings(values) },
                "sa" => match with { ServiceAccounts = Accounts(values) },
                "!sa" => match with { NotServiceAccounts = Accounts(values) },
                "src" => match with { SourceIps = Ranges(values) },
                "!src" => match with { NotSourceIps = Ranges(values) },
                "dst" => match with { DestinationIps = Ranges(values) },
                "!dst" => match with { NotDestinationIps = Ranges(values) },
                "port" => match with { DestinationPorts = Ports(values) },
                "!port" => match with { NotDestinationPorts = Ports(values) },
                _ => throw new ArgumentException($"unknown field {field}"),
            };
        });

    private static ImmutableArray<StringMatch> Strings(string[] values) => [.. values.Select(StringMatch.Parse)];

    private static ImmutableArray<IPNetwork> Ranges(string[] values) => [.. values.Select(v => IPNetwork.Parse(v))];

    private static ImmutableArray<ushort> Ports(string[] values) =>
        [.. values.Select(v => ushort.Parse(v, CultureInfo.InvariantCulture))];

    private static ImmutableArray<NamespacedName> Accounts(string[] values) => [.. values.Select(v =>
    {
        Assert.True(NamespacedName.TryParse(v, out NamespacedName name));
        return name;
    })];
}
