using System.Collections.Immutable;
using System.Globalization;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;

namespace Ambient.Compile.Routes.Reading;

/// <summary>Envoy's <c>x-envoy-retry-on</c> vocabulary, with status codes among the words as Istio allows.</summary>
public static class RetryWords
{
    internal static (RetryOn On, ImmutableArray<int> Codes) Read(string text, string path)
    {
        var on = RetryOn.None;
        var codes = new SortedSet<int>();
        foreach (string word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code is >= 100 and < 600)
            {
                codes.Add(code);
                on |= RetryOn.StatusCodes;
            }
            else if (RetryVocabulary.Of(word) is { } known)
            {
                on |= known;
            }
            else
            {
                throw new FieldException(path, $"'{RouteFields.Shortened(word)}' is no reason to retry; use {string.Join(", ", RetryVocabulary.All)}, or status codes");
            }
        }

        return (on, [.. codes]);
    }

    /// <summary>The words of <paramref name="on"/> in the order in which they were written, each once; status codes are not among them.</summary>
    internal static string InOrder(string text, RetryOn on) => string.Join(',', text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(static word => RetryVocabulary.Of(word) is not null)
        .Concat(RetryVocabulary.All.Where(w => on.HasFlag(RetryVocabulary.Of(w)!.Value)))
        .Distinct(StringComparer.Ordinal));

    /// <summary>The words again, in the vocabulary's order; status codes are not among them.</summary>
    public static string Text(RetryOn on) => RetryVocabulary.Text(on);
}
