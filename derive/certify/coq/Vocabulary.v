(* The words in which statements are written. Nothing here is proved; this file is to be read.

   Indices are integers (Z), quantities real numbers (R), families functions from indices to numbers. Everything else
   in a statement (exp, ln, sqrt, Derive, ex_derive, locally, ...) is the standard library's or Coquelicot's. *)
From Coq Require Import Reals ZArith.
From Coquelicot Require Import Coquelicot.

(* f(low) + f(low + 1) + ..., `count` summands *)
Fixpoint add_up (count : nat) (low : Z) (f : Z -> R) : R :=
  match count with
  | O => 0%R
  | S fewer => (f low + add_up fewer (low + 1)%Z f)%R
  end.

(* the sum of f(k) for low <= k <= high; 0 if there is no such k *)
Definition Sum (low high : Z) (f : Z -> R) : R := add_up (Z.to_nat (high - low + 1)) low f.

(* Kronecker's delta *)
Definition delta (i j : Z) : R := if Z.eqb i j then 1%R else 0%R.

(* `this` where i = j, `that` elsewhere *)
Definition if_equal (i j : Z) (this that : R) : R := if Z.eqb i j then this else that.

(* the family z with the value t at j *)
Definition upd (z : Z -> R) (j : Z) (t : R) : Z -> R := fun k => if Z.eqb k j then t else z k.

(* the matrix w with the value t at row p and column q *)
Definition upd2 (w : Z -> Z -> R) (p q : Z) (t : R) : Z -> Z -> R :=
  fun a b => if andb (Z.eqb a p) (Z.eqb b q) then t else w a b.
