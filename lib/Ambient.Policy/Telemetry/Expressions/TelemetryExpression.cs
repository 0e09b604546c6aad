using System.Diagnostics.CodeAnalysis;

namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>
/// An expression over one request, in the part of CEL that people write for access logs and metric labels: comparisons, <c>&amp;&amp; || ! ?:</c>,
/// <c>in [...]</c>, <c>has()</c>, <c>startsWith/endsWith/contains</c>, <c>duration()</c>, and the attributes of
/// <see cref="FactNames"/>. Types are checked when it is parsed. Immutable.
/// </summary>
public sealed class TelemetryExpression
{
    public const int MaxLength = 2_000;

    private readonly Node _node;

    private TelemetryExpression(Node node) => _node = node;

    /// <summary>True when it can say yes or no, as a filter must.</summary>
    public bool IsCondition => _node.Kind == ValueKind.Bool;

    /// <summary>Its value when that does not depend on the request; otherwise null.</summary>
    public string? Constant => (_node as Node.Constant)?.Value.ToString();

    /// <param name="problem">For the author, when it is not understood.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out TelemetryExpression? expression, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        expression = null;
        problem = text.Length > MaxLength ? $"is longer than {MaxLength} characters" : null;
        if (problem is not null)
        {
            return false;
        }

        try
        {
            expression = new TelemetryExpression(new Parser(Tokens.Of(text)).Parse());
            return true;
        }
        catch (ExpressionException e)
        {
            problem = e.Message;
            return false;
        }
    }

    /// <summary>What cannot be answered for want of an attribute is not true.</summary>
    public bool IsTrue(ITelemetryFacts facts) => _node.Of(facts) is { Kind: ValueKind.Bool } value && value.IsTrue;

    /// <summary>As text; null when the request does not have what it asks for.</summary>
    public string? TextOf(ITelemetryFacts facts) => _node.Of(facts).ToString();
}
