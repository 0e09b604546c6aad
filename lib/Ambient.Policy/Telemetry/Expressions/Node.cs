namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>A part of an expression, with the type of its value, which it has on every request or not at all.</summary>
internal abstract record Node(ValueKind Kind)
{
    public abstract Value Of(ITelemetryFacts facts);

    public sealed record Constant(Value Value) : Node(Value.Kind)
    {
        public override Value Of(ITelemetryFacts facts) => Value;
    }

    public sealed record Attribute(FactName Name, ValueKind Type) : Node(Type)
    {
        public override Value Of(ITelemetryFacts facts) => facts.ValueOf(Name);
    }

    /// <param name="Name">Lower-case.</param>
    public sealed record Header(string Name) : Node(ValueKind.Text)
    {
        public override Value Of(ITelemetryFacts facts) => Value.Of(facts.Header(Name));
    }

    public sealed record Has(Node Part) : Node(ValueKind.Bool)
    {
        public override Value Of(ITelemetryFacts facts) => Value.Of(Part.Of(facts).Kind != ValueKind.Absent);
    }

    public sealed record Not(Node Part) : Node(ValueKind.Bool)
    {
        public override Value Of(ITelemetryFacts facts) => Part.Of(facts) is { Kind: ValueKind.Bool } value ? Value.Of(!value.IsTrue) : Value.Absent;
    }

    /// <summary>One side decides alone where it can, whether or not the other is absent (CEL's logical operators).</summary>
    public sealed record Both(Node Left, Node Right, bool And) : Node(ValueKind.Bool)
    {
        public override Value Of(ITelemetryFacts facts)
        {
            Value left = Left.Of(facts);
            if (left.Kind == ValueKind.Bool && left.IsTrue != And)
            {
                return left;
            }

            Value right = Right.Of(facts);
            return right.Kind == ValueKind.Bool && right.IsTrue != And ? right
                : left.Kind == ValueKind.Absent ? left
                : right;
        }
    }

    public sealed record Choice(Node Test, Node Then, Node Else) : Node(Then.Kind)
    {
        public override Value Of(ITelemetryFacts facts) =>
            Test.Of(facts) is { Kind: ValueKind.Bool } test ? (test.IsTrue ? Then : Else).Of(facts) : Value.Absent;
    }

    /// <param name="Sign">One of == != &lt; &lt;= > >=, of sides of one type.</param>
    public sealed record Comparison(Node Left, string Sign, Node Right) : Node(ValueKind.Bool)
    {
        public override Value Of(ITelemetryFacts facts)
        {
            Value left = Left.Of(facts);
            Value right = Right.Of(facts);
            if (left.Kind == ValueKind.Absent || right.Kind == ValueKind.Absent)
            {
                return Value.Absent;
            }

            int order = left.Kind == ValueKind.Text ? string.CompareOrdinal(left.Text, right.Text) : left.Number.CompareTo(right.Number);
            return Value.Of(Sign switch
            {
                "==" => order == 0,
                "!=" => order != 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            });
        }
    }

    public sealed record In(Node Part, IReadOnlyList<Value> Values) : Node(ValueKind.Bool)
    {
        public override Value Of(ITelemetryFacts facts) => Part.Of(facts) is { Kind: not ValueKind.Absent } value ? Value.Of(Values.Contains(value)) : Value.Absent;
    }

    /// <param name="Function">startsWith, endsWith or contains.</param>
    public sealed record TextTest(Node Text, string Function, Node Argument) : Node(ValueKind.Bool)
    {
        public override Value Of(ITelemetryFacts facts)
        {
            Value text = Text.Of(facts);
            Value argument = Argument.Of(facts);
            return text.Kind == ValueKind.Absent || argument.Kind == ValueKind.Absent ? Value.Absent : Value.Of(Function switch
            {
                "startsWith" => text.Text.StartsWith(argument.Text, StringComparison.Ordinal),
                "endsWith" => text.Text.EndsWith(argument.Text, StringComparison.Ordinal),
                _ => text.Text.Contains(argument.Text, StringComparison.Ordinal),
            });
        }
    }
}
