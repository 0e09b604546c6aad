using System.Collections.Immutable;
using Ambient.Identity.Issuing;
using Ambient.Identity.Trust;
using Ambient.Operator.Issuing;
using Ambient.Testing;

namespace Ambient.Operator.Tests.Issuing;

public sealed class PublishedRootsTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(25);
    private readonly ManualTime _time = new();

    [Fact]
    public void Next_SecondRotationDuringTheFirst_RetiresEachRootInItsOwnTime()
    {
        TrustBundle a = Root();
        TrustBundle b = Root();
        TrustBundle c = Root();
        PublishedRoots one = Next(a, null);
        PublishedRoots two = Next(b, one);
        Assert.Equal(Prints(b, a), two.Roots.Roots.Select(r => r.Thumbprint));
        _time.Advance(TimeSpan.FromHours(20));
        PublishedRoots three = Next(c, two);
        Assert.Equal(Prints(c, b, a), three.Roots.Roots.Select(r => r.Thumbprint));
        _time.Advance(TimeSpan.FromHours(6));
        PublishedRoots four = Next(c, three);
        Assert.Equal(Prints(c, b), four.Roots.Roots.Select(r => r.Thumbprint));
        _time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(Prints(c), Next(c, four).Roots.Roots.Select(r => r.Thumbprint));
    }

    [Fact]
    public void Next_RootComesBack_RetiresNoLonger()
    {
        TrustBundle a = Root();
        PublishedRoots rotated = Next(Root(), Next(a, null));
        Assert.Empty(Next(a.Union(rotated.Roots), rotated).Retiring);
    }

    [Fact]
    public void KnownFor_NewRoots_CountFromTheDayThatTheyCame()
    {
        PublishedRoots first = Next(Root(), null);
        TrustBundle next = Root();
        Assert.True(first.KnownFor(first.Roots, Grace, _time.GetUtcNow()));
        PublishedRoots swapped = Next(next, first);
        _time.Advance(TimeSpan.FromHours(1));
        swapped = Next(next, PublishedRoots.Read(swapped.ToSecret("ns")));
        Assert.False(swapped.KnownFor(next, TimeSpan.FromHours(2), _time.GetUtcNow()));
        Assert.True(swapped.KnownFor(next, TimeSpan.FromHours(1), _time.GetUtcNow()));
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        PublishedRoots roots = Next(Root(), Next(Root(), null));
        Assert.True(roots.SameAs(PublishedRoots.Read(roots.ToSecret("ns"))));
        Assert.Null(PublishedRoots.Read(roots.ToSecret("ns") with { Data = ImmutableDictionary<string, byte[]>.Empty }));
    }

    private PublishedRoots Next(TrustBundle current, PublishedRoots? before) => PublishedRoots.Next(current, before, _time.GetUtcNow(), Grace);

    private static IEnumerable<string> Prints(params TrustBundle[] bundles) => bundles.Select(b => b.Roots[0].Thumbprint);

    private TrustBundle Root() => CertificateAuthority.CreateSelfSigned("cluster.local", _time).Bundle;
}
